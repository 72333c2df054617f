#include "util/time_text.hpp"

#include <chrono>

namespace crm::sample {
namespace {

// Reads exactly `count` digits at `pos`; -1 when there are others.
int digits(std::string_view text, std::size_t pos, std::size_t count) {
    if (pos + count > text.size()) return -1;
    int value = 0;
    for (std::size_t i = pos; i < pos + count; ++i) {
        if (text[i] < '0' || text[i] > '9') return -1;
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

void put(std::string& out, std::size_t pos, std::size_t count, std::int64_t value) {
    for (std::size_t i = pos + count; i-- > pos; value /= 10) out[i] = static_cast<char>('0' + value % 10);
}

std::optional<std::chrono::sys_days> day_of(std::string_view text) {
    if (text.size() < 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
    const int year = digits(text, 0, 4);
    const int month = digits(text, 5, 2);
    const int day = digits(text, 8, 2);
    if (year < 0 || month < 0 || day < 0) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year{year},
                                           std::chrono::month{static_cast<unsigned>(month)},
                                           std::chrono::day{static_cast<unsigned>(day)}};
    if (!date.ok()) return std::nullopt;
    return std::chrono::sys_days{date};
}

}  // namespace

std::int64_t now_us() {
    using namespace std::chrono;
    return duration_cast<microseconds>(system_clock::now().time_since_epoch()).count();
}

std::int64_t monotonic_us() {
    using namespace std::chrono;
    return duration_cast<microseconds>(steady_clock::now().time_since_epoch()).count();
}

std::string to_rfc3339(std::int64_t instant_us) {
    using namespace std::chrono;
    const sys_time<microseconds> instant{microseconds{instant_us}};
    const sys_days day = floor<days>(instant);
    const year_month_day date{day};
    const std::int64_t rest = (instant - day).count();
    const std::int64_t seconds_of_day = rest / 1000000;
    std::string out = "0000-00-00T00:00:00.000000Z";
    put(out, 0, 4, static_cast<int>(date.year()));
    put(out, 5, 2, static_cast<unsigned>(date.month()));
    put(out, 8, 2, static_cast<unsigned>(date.day()));
    put(out, 11, 2, seconds_of_day / 3600);
    put(out, 14, 2, seconds_of_day / 60 % 60);
    put(out, 17, 2, seconds_of_day % 60);
    put(out, 20, 6, rest % 1000000);
    return out;
}

std::optional<std::int64_t> parse_rfc3339(std::string_view text) {
    const auto day = day_of(text);
    if (!day || text.size() < 20 || (text[10] != 'T' && text[10] != 't' && text[10] != ' '))
        return std::nullopt;
    const int hour = digits(text, 11, 2);
    const int minute = digits(text, 14, 2);
    const int second = digits(text, 17, 2);
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60 || text[13] != ':' ||
        text[16] != ':') {
        return std::nullopt;
    }
    std::size_t pos = 19;
    std::int64_t micros = 0;
    if (text[pos] == '.') {
        std::int64_t unit = 100000;
        for (++pos; pos < text.size() && text[pos] >= '0' && text[pos] <= '9'; ++pos, unit /= 10) {
            micros += (text[pos] - '0') * unit;
        }
        if (text[pos - 1] == '.') return std::nullopt;
    }
    const std::string_view zone = text.substr(pos);
    std::int64_t offset_minutes = 0;
    if (zone != "Z" && zone != "z") {
        if (zone.size() != 6 || (zone[0] != '+' && zone[0] != '-') || zone[3] != ':') return std::nullopt;
        const int hours = digits(zone, 1, 2);
        const int minutes = digits(zone, 4, 2);
        if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return std::nullopt;
        offset_minutes = (hours * 60 + minutes) * (zone[0] == '-' ? -1 : 1);
    }
    const std::int64_t days = day->time_since_epoch().count();
    const std::int64_t seconds =
        days * 86400 + hour * 3600 + minute * 60 + second - offset_minutes * std::int64_t{60};
    return seconds * 1000000 + micros;
}

bool is_calendar_date(std::string_view text) {
    return text.size() == 10 && day_of(text).has_value();
}

}  // namespace crm::sample
