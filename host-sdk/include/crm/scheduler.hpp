// When a connector's work is done. The host owns time and threads.
#pragma once

#include <cstdint>
#include <limits>

namespace crm {

// Microseconds since 1970-01-01T00:00:00Z.
using Instant = std::int64_t;
// Microseconds.
using Duration = std::int64_t;

inline constexpr Instant kNever = std::numeric_limits<Instant>::max();

class IScheduler {
  public:
    virtual ~IScheduler() = default;

    // Does what is due at `now` for about `budget`, never sleeps, and says when it wants to be called again
    // (kNever: only after IHost::wake). May overrun by one exchange with the other system.
    // [task-thread] Throws crm::Error only for defects; trouble of one company's sync is its own to keep.
    virtual Instant run_due(Instant now, Duration budget) = 0;

    // [any-thread] Makes a run_due that is going on return soon, with its progress kept.
    virtual void cancel() = 0;
};

}  // namespace crm
