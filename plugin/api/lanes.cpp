#include "api/lanes.hpp"

#include <algorithm>

#include "sync/erp_gateway.hpp"

namespace metakocka::api {

Lanes::Pass Lanes::enter(Lane lane, std::chrono::steady_clock::time_point deadline, const Waiter& waiter) {
    // Cancelling does not notify this condition, so it is looked at now and then.
    constexpr std::chrono::milliseconds kGlance{50};
    int& used = lane == Lane::kScan ? scans_ : direct_calls_;
    const int most = lane == Lane::kScan ? kScans : kDirectCalls;
    std::unique_lock lock(mutex_);
    while (used >= most) {
        if (waiter.cancelled()) throw sync::ErpError(sync::ErpErrorClass::kCancelled, "cancelled");
        const auto now = std::chrono::steady_clock::now();
        if (now >= deadline) {
            throw sync::ErpError(sync::ErpErrorClass::kTransient,
                                 "other calls to Metakocka are still under way; try again later");
        }
        freed_.wait_until(lock, std::min(deadline, now + kGlance));
    }
    ++used;
    return {*this, lane};
}

void Lanes::leave(Lane lane) {
    {
        const std::lock_guard lock(mutex_);
        --(lane == Lane::kScan ? scans_ : direct_calls_);
    }
    freed_.notify_all();
}

}  // namespace metakocka::api
