// When to try again.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>

namespace metakocka::api {

// A random number in 0 … most, both included. Passed in so that a run can be replayed from its seed.
using Jitter = std::function<std::uint64_t(std::uint64_t most)>;

struct RetryPolicy {
    int attempts = 4;
    std::chrono::milliseconds base{500};
    std::chrono::milliseconds most{20'000};
    // A longer Retry-After is not slept through inside a call but handed to whoever plans the runs.
    std::chrono::milliseconds longest_retry_after{20'000};
    std::chrono::milliseconds exchange_deadline{75'000};  // answers of 47 s were seen (metakocka-api.md §1)
    std::chrono::milliseconds call_deadline{180'000};     // with all attempts and pauses
};

// Exponential backoff with full jitter: clients that failed together do not come back together.
inline std::chrono::milliseconds backoff(const RetryPolicy& policy, int failed_attempts,
                                         const Jitter& jitter) {
    const auto doubled = policy.base * (std::int64_t{1} << std::min(failed_attempts - 1, 20));
    const auto ceiling = std::min<std::chrono::milliseconds>(doubled, policy.most);
    return std::chrono::milliseconds(jitter(static_cast<std::uint64_t>(ceiling.count())));
}

}  // namespace metakocka::api
