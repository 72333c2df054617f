// Instants as RFC 3339 text, and back.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace crm::sample {

// Microseconds since 1970-01-01T00:00:00Z.
std::int64_t now_us();
std::int64_t monotonic_us();

// "2024-05-01T10:20:30.123456Z"
std::string to_rfc3339(std::int64_t instant_us);
// Accepts "Z" and numeric offsets, with or without a fraction.
std::optional<std::int64_t> parse_rfc3339(std::string_view text);
// True for an existing calendar day written YYYY-MM-DD.
bool is_calendar_date(std::string_view text);

}  // namespace crm::sample
