// Ends a blocking exchange when its time is up. Poco's time-outs are per read, so that a server that drips a
// byte now and then holds a call for ever; and they can't be called off (field-notes.md, Poco).
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "api/waiter.hpp"

namespace metakocka::api {

class Watchdog {
  public:
    enum class Verdict { kInTime, kTooLate, kCancelled };

    explicit Watchdog(const Waiter& waiter);
    ~Watchdog();
    Watchdog(const Watchdog&) = delete;
    Watchdog& operator=(const Watchdog&) = delete;

    // While it lives, the socket is shut down (not closed) as soon as the deadline passes or the waiter is
    // cancelled. One at a time.
    class Watch {
      public:
        Watch(Watchdog& dog, int socket, std::chrono::steady_clock::time_point deadline);
        ~Watch();
        Watch(const Watch&) = delete;
        Watch& operator=(const Watch&) = delete;

      private:
        Watchdog& dog_;
    };

    // What became of the last watch, since `clear`.
    Verdict verdict();
    void clear();

  private:
    void run();

    const Waiter& waiter_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool stopping_ = false;
    int socket_ = -1;  // our own duplicate: the original's number may be reused when Poco closes it
    std::chrono::steady_clock::time_point deadline_;
    Verdict verdict_ = Verdict::kInTime;
    std::thread thread_;
};

}  // namespace metakocka::api
