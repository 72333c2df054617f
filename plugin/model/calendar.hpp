// Calendar dates as text, YYYY-MM-DD. A document's date is a date in the ledger's time zone: it is taken as
// it is written and never shifted by converting between zones (metakocka-api.md §3).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace metakocka::calendar {

// YYYY-MM-DD and a day that exists.
bool is_date(std::string_view text) noexcept;

// "2015-05-07+02:00", "2015-05-07T12:53:27+02:00", "2015-05-07", "15.03.2017" → "2015-05-07"; nothing when it
// is not a date.
std::optional<std::string> parse_wire(std::string_view text);

// A filter of `search`: dates carry the literal +02:00 all year.
std::string to_filter(std::string_view date);

}  // namespace metakocka::calendar
