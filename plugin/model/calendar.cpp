#include "model/calendar.hpp"

#include <chrono>

namespace metakocka::calendar {
namespace {

// Digits of text[from, from + count), nothing when one of them is not a digit.
std::optional<int> number(std::string_view text, std::size_t from, std::size_t count) noexcept {
    if (from + count > text.size()) return std::nullopt;
    int value = 0;
    for (const char c : text.substr(from, count)) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + (c - '0');
    }
    return value;
}

bool exists(std::optional<int> year, std::optional<int> month, std::optional<int> day) noexcept {
    if (!year || !month || !day || *year < 1) return false;
    return std::chrono::year_month_day{std::chrono::year{*year},
                                       std::chrono::month{static_cast<unsigned>(*month)},
                                       std::chrono::day{static_cast<unsigned>(*day)}}
        .ok();
}

// "", "Z", "+02:00", "-05:00"
bool is_offset(std::string_view text) noexcept {
    if (text.empty() || text == "Z") return true;
    if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') return false;
    const auto hours = number(text, 1, 2);
    const auto minutes = number(text, 4, 2);
    return hours && minutes && *hours < 24 && *minutes < 60;
}

// "12:53:27" with or without a fraction, followed by an offset.
bool is_time(std::string_view text) noexcept {
    if (text.size() < 8 || text[2] != ':' || text[5] != ':') return false;
    const auto hours = number(text, 0, 2);
    const auto minutes = number(text, 3, 2);
    const auto seconds = number(text, 6, 2);
    if (!hours || !minutes || !seconds || *hours > 24 || *minutes > 59 || *seconds > 60) return false;
    text.remove_prefix(8);
    if (text.starts_with('.')) {
        text.remove_prefix(1);
        const auto end = text.find_first_not_of("0123456789");
        if (end == 0 || text.empty()) return false;
        text.remove_prefix(end == std::string_view::npos ? text.size() : end);
    }
    return is_offset(text);
}

// "15.03.2017" and "5.3.2017"
std::optional<std::string> parse_slovenian(std::string_view text) {
    const auto first = text.find('.');
    const auto second = first == std::string_view::npos ? first : text.find('.', first + 1);
    if (second == std::string_view::npos || text.size() - second - 1 != 4) return std::nullopt;
    const std::size_t month_size = second - first - 1;
    if (first < 1 || first > 2 || month_size < 1 || month_size > 2) return std::nullopt;
    const auto day = number(text, 0, first);
    const auto month = number(text, first + 1, month_size);
    if (!exists(number(text, second + 1, 4), month, day)) return std::nullopt;
    std::string date(text.substr(second + 1));
    date += *month < 10 ? "-0" : "-";
    date += std::to_string(*month);
    date += *day < 10 ? "-0" : "-";
    date += std::to_string(*day);
    return date;
}

}  // namespace

bool is_date(std::string_view text) noexcept {
    return text.size() == 10 && text[4] == '-' && text[7] == '-' &&
           exists(number(text, 0, 4), number(text, 5, 2), number(text, 8, 2));
}

std::optional<std::string> parse_wire(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    const std::string_view date = text.substr(0, 10);
    if (!is_date(date)) return parse_slovenian(text);
    const std::string_view rest = text.substr(10);
    const bool timed = rest.starts_with('T') || rest.starts_with(' ');
    if (timed ? !is_time(rest.substr(1)) : !is_offset(rest)) return std::nullopt;
    return std::string(date);
}

std::string to_filter(std::string_view date) {
    return std::string(date) + "+02:00";
}

}  // namespace metakocka::calendar
