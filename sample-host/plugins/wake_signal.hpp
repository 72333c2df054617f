// Lets a thread sleep until a time, and anybody wake it earlier.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace crm::sample {

class WakeSignal {
  public:
    void wake() {
        {
            const std::lock_guard lock(mutex_);
            woken_ = true;
        }
        condition_.notify_all();
    }

    // Returns at once when there was a wake since the last wait.
    void wait_for(std::chrono::microseconds duration) {
        std::unique_lock lock(mutex_);
        condition_.wait_for(lock, duration, [this] { return woken_; });
        woken_ = false;
    }

  private:
    std::mutex mutex_;
    std::condition_variable condition_;
    bool woken_ = false;
};

}  // namespace crm::sample
