// Text forms of where a scan goes on.
#pragma once

#include <charconv>
#include <cstdint>
#include <string_view>

namespace metakocka::sync {

// The number in `text`; 0, the start, when it is not one: an unreadable checkpoint costs time, never data.
inline std::uint64_t parse_offset(std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size() ? value : 0;
}

}  // namespace metakocka::sync
