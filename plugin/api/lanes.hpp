// How many calls one company may have under way: parallel scans would only queue up and time out at the
// server (metakocka-api.md §1).
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

#include "api/endpoints.hpp"
#include "api/waiter.hpp"

namespace metakocka::api {

// Shared by all gateways of one instance.
class Lanes {
  public:
    static constexpr int kScans = 1;
    static constexpr int kDirectCalls = 2;

    // The right to make one call; given back by its destructor.
    class Pass {
      public:
        Pass(Lanes& lanes, Lane lane) : lanes_(&lanes), lane_(lane) {}
        Pass(const Pass&) = delete;
        Pass& operator=(const Pass&) = delete;
        ~Pass() { lanes_->leave(lane_); }

      private:
        Lanes* lanes_;
        Lane lane_;
    };

    // Waits for its turn. Throws sync::ErpError: kCancelled, or kTransient when the deadline passes first.
    Pass enter(Lane lane, std::chrono::steady_clock::time_point deadline, const Waiter& waiter);

  private:
    void leave(Lane lane);

    std::mutex mutex_;
    std::condition_variable freed_;
    int scans_ = 0;
    int direct_calls_ = 0;
};

}  // namespace metakocka::api
