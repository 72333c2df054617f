#include "api/ledger_day.hpp"

#include <chrono>
#include <stdexcept>

#include <date/tz.h>

namespace metakocka::api {
namespace {

using Time = date::sys_time<std::chrono::microseconds>;

Time time_of(std::int64_t instant) {
    return Time(std::chrono::microseconds(instant));
}

}  // namespace

std::string ledger_day(std::int64_t instant) {
    try {
        const auto* const zone = date::locate_zone("Europe/Ljubljana");
        return date::format("%F", date::floor<date::days>(zone->to_local(time_of(instant))));
    } catch (const std::runtime_error&) {
        // A machine without tzdata: at worst a pricelist begins or ends an hour late in summer.
        return date::format("%F", date::floor<date::days>(time_of(instant) + std::chrono::hours(1)));
    }
}

std::string timestamp_filter(std::int64_t instant) {
    const auto local = date::floor<std::chrono::seconds>(time_of(instant) + std::chrono::hours(2));
    return date::format("%FT%T", local) + "+02:00";
}

}  // namespace metakocka::api
