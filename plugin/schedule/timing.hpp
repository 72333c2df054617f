// When a kind runs next: pure arithmetic over microseconds.
#pragma once

#include <algorithm>
#include <cstdint>

#include "sync/clock.hpp"

namespace metakocka::schedule {

using sync::Duration;
using sync::Instant;

// After a run that ended well: the interval, up to a twentieth sooner, so that a thousand companies that were
// switched on together do not stay together. `random` is in [0, 1).
inline Instant next_after_success(Instant now, std::uint32_t interval_minutes, double random) {
    const Duration interval = Duration{interval_minutes} * sync::kMinute;
    return now + interval - static_cast<Duration>(static_cast<double>(interval) / 20.0 * random);
}

// After `failures` failed runs in a row: exponential with full jitter between half of the step and the step,
// at most an hour, never less than what the server asked for.
inline Instant next_after_failure(Instant now, std::uint32_t failures, Duration at_least, double random) {
    constexpr Duration kFirst = 30 * sync::kSecond;
    constexpr std::uint32_t kMaxDoublings = 7;
    const Duration step =
        std::min(sync::kHour, kFirst << std::min(failures > 0 ? failures - 1 : 0, kMaxDoublings));
    const Duration wait = step / 2 + static_cast<Duration>(static_cast<double>(step) / 2.0 * random);
    return now + std::max(wait, at_least);
}

// A quota refills slowly, and its size is not published (metakocka-api.md §1).
inline constexpr Duration kQuotaPause = 15 * sync::kMinute;

}  // namespace metakocka::schedule
