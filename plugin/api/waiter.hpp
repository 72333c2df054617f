// Waiting that can be called off.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>

namespace metakocka::api {

class Waiter {
  public:
    virtual ~Waiter() = default;
    // Sleeps; false when it was called off, at once then.
    virtual bool wait_for(std::chrono::milliseconds time) = 0;
    virtual bool cancelled() const noexcept = 0;
};

// The real one. Any thread may cancel; it stays cancelled until `reset`.
class CancellableWaiter final : public Waiter {
  public:
    bool wait_for(std::chrono::milliseconds time) override {
        std::unique_lock lock(mutex_);
        return !wake_.wait_for(lock, time, [this] { return cancelled_.load(); });
    }
    bool cancelled() const noexcept override { return cancelled_.load(std::memory_order_relaxed); }
    void cancel() {
        {
            const std::lock_guard lock(mutex_);
            cancelled_ = true;
        }
        wake_.notify_all();
    }
    void reset() { cancelled_ = false; }

  private:
    std::atomic<bool> cancelled_{false};
    std::mutex mutex_;
    std::condition_variable wake_;
};

}  // namespace metakocka::api
