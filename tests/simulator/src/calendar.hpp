#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace metakocka::sim {

using Date = std::chrono::sys_days;
using Instant = std::chrono::sys_seconds;

Date today_here();
Instant now();

std::string iso(Date date);                 // 2015-05-07
std::string slovenian(Date date);           // 07.05.2015
std::string iso_with_offset(Date date);     // 2015-05-07+02:00, the offset the ledger's zone has that day
std::string iso_timestamp(Instant moment);  // 2015-05-07T12:53:27+02:00

std::optional<Date> parse_iso_date(std::string_view text);        // YYYY-MM-DD
std::optional<Date> parse_slovenian_date(std::string_view text);  // dd.mm.yyyy
std::optional<Instant> parse_timestamp(std::string_view text);    // YYYY-MM-DDThh:mm:ss+02:00

}  // namespace metakocka::sim
