// Time as a run sees it; tests pass a virtual one.
#pragma once

#include <cstdint>

namespace metakocka::sync {

// Microseconds since 1970-01-01T00:00:00Z.
using Instant = std::int64_t;
using Duration = std::int64_t;  // microseconds

inline constexpr Duration kSecond = 1'000'000;
inline constexpr Duration kMinute = 60 * kSecond;
inline constexpr Duration kHour = 60 * kMinute;
inline constexpr Duration kDay = 24 * kHour;

class Clock {
  public:
    virtual ~Clock() = default;
    virtual Instant now() = 0;
    virtual Instant monotonic() = 0;
};

}  // namespace metakocka::sync
