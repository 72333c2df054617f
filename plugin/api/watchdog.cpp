#include "api/watchdog.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

namespace metakocka::api {

Watchdog::Watchdog(const Waiter& waiter) : waiter_(waiter), thread_([this] { run(); }) {}

Watchdog::~Watchdog() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

Watchdog::Watch::Watch(Watchdog& dog, int socket, std::chrono::steady_clock::time_point deadline)
    : dog_(dog) {
    {
        const std::lock_guard lock(dog_.mutex_);
        dog_.socket_ = ::dup(socket);
        dog_.deadline_ = deadline;
        dog_.verdict_ = Verdict::kInTime;
    }
    dog_.changed_.notify_all();
}

Watchdog::Watch::~Watch() {
    const std::lock_guard lock(dog_.mutex_);
    if (dog_.socket_ >= 0) ::close(dog_.socket_);
    dog_.socket_ = -1;
}

Watchdog::Verdict Watchdog::verdict() {
    const std::lock_guard lock(mutex_);
    return verdict_;
}

void Watchdog::clear() {
    const std::lock_guard lock(mutex_);
    verdict_ = Verdict::kInTime;
}

void Watchdog::run() {
    constexpr std::chrono::milliseconds kGlance{50};  // how soon a cancellation is noticed
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        if (socket_ < 0 || verdict_ != Verdict::kInTime) {
            changed_.wait(lock);
            continue;
        }
        const auto now = std::chrono::steady_clock::now();
        if (waiter_.cancelled()) {
            verdict_ = Verdict::kCancelled;
        } else if (now >= deadline_) {
            verdict_ = Verdict::kTooLate;
        }
        if (verdict_ == Verdict::kInTime) {
            changed_.wait_until(lock, std::min(deadline_, now + kGlance));
        } else {
            ::shutdown(socket_, SHUT_RDWR);
        }
    }
}

}  // namespace metakocka::api
