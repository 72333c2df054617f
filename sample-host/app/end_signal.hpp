// The signals that end the host, SIGTERM and SIGINT.
#pragma once

#include <signal.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

namespace crm::sample {

// Made before any other thread, which inherit that the signals are blocked. A module that hangs while it is
// loaded or stopped does not keep the host from ending: it is noted in its crash mark, and the process ends
// with status 143.
class EndSignal {
  public:
    EndSignal();
    ~EndSignal();
    EndSignal(const EndSignal&) = delete;
    EndSignal& operator=(const EndSignal&) = delete;

    // Whether it has come.
    bool wait_for(std::chrono::milliseconds time);

  private:
    void watch();
    bool over_within(std::chrono::milliseconds time);

    sigset_t signals_{};
    std::mutex mutex_;
    std::condition_variable changed_;
    bool came_ = false;
    bool over_ = false;
    std::thread thread_;
};

}  // namespace crm::sample
