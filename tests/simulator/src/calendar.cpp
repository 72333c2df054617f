#include "calendar.hpp"

#include <cstdio>

namespace metakocka::sim {
namespace {

using namespace std::chrono;

// Europe/Ljubljana by the rule of the EU, because g++ 12 ships no time zone database.
hours offset_at(Instant moment) {
    const year_month_day day{floor<days>(moment)};
    const auto begin = sys_days{day.year() / March / Sunday[last]} + hours{1};
    const auto end = sys_days{day.year() / October / Sunday[last]} + hours{1};
    return moment >= begin && moment < end ? hours{2} : hours{1};
}

std::optional<int> digits(std::string_view text) {
    int value = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + (c - '0');
    }
    return value;
}

std::optional<Date> make_date(std::optional<int> y, std::optional<int> m, std::optional<int> d) {
    if (!y || !m || !d) return std::nullopt;
    const year_month_day ymd{year{*y}, month{static_cast<unsigned>(*m)}, day{static_cast<unsigned>(*d)}};
    if (!ymd.ok()) return std::nullopt;
    return sys_days{ymd};
}

template <typename... Args>
std::string formatted(const char* pattern, Args... args) {
    char text[64];
    const int length = std::snprintf(text, sizeof text, pattern, args...);
    return std::string(text, static_cast<std::size_t>(length));
}

}  // namespace

Date today_here() {
    return floor<days>(now() + offset_at(now()));
}
Instant now() {
    return floor<seconds>(system_clock::now());
}

std::string iso(Date date) {
    const year_month_day ymd{date};
    return formatted("%04d-%02u-%02u", static_cast<int>(ymd.year()), static_cast<unsigned>(ymd.month()),
                     static_cast<unsigned>(ymd.day()));
}

std::string slovenian(Date date) {
    const year_month_day ymd{date};
    return formatted("%02u.%02u.%04d", static_cast<unsigned>(ymd.day()), static_cast<unsigned>(ymd.month()),
                     static_cast<int>(ymd.year()));
}

std::string iso_with_offset(Date date) {
    return iso(date) + (offset_at(date + hours{11}) == hours{2} ? "+02:00" : "+01:00");
}

std::string iso_timestamp(Instant moment) {
    const auto offset = offset_at(moment);
    const auto local = moment + offset;
    const auto date = floor<days>(local);
    const hh_mm_ss clock{local - date};
    return iso(date) + formatted("T%02d:%02d:%02d+%02d:00", static_cast<int>(clock.hours().count()),
                                 static_cast<int>(clock.minutes().count()),
                                 static_cast<int>(clock.seconds().count()), static_cast<int>(offset.count()));
}

std::optional<Date> parse_iso_date(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
    return make_date(digits(text.substr(0, 4)), digits(text.substr(5, 2)), digits(text.substr(8, 2)));
}

std::optional<Date> parse_slovenian_date(std::string_view text) {
    if (text.size() != 10 || text[2] != '.' || text[5] != '.') return std::nullopt;
    return make_date(digits(text.substr(6, 4)), digits(text.substr(3, 2)), digits(text.substr(0, 2)));
}

std::optional<Instant> parse_timestamp(std::string_view text) {
    if (text.size() != 25 || text[10] != 'T' || text[13] != ':' || text[16] != ':') return std::nullopt;
    const auto date = parse_iso_date(text.substr(0, 10));
    const auto h = digits(text.substr(11, 2));
    const auto m = digits(text.substr(14, 2));
    const auto s = digits(text.substr(17, 2));
    const auto zone_h = digits(text.substr(20, 2));
    const auto zone_m = digits(text.substr(23, 2));
    if (!date || !h || !m || !s || !zone_h || !zone_m) return std::nullopt;
    const auto zone = hours{*zone_h} + minutes{*zone_m};
    const auto local = *date + hours{*h} + minutes{*m} + seconds{*s};
    return text[19] == '-' ? local + zone : local - zone;
}

}  // namespace metakocka::sim
