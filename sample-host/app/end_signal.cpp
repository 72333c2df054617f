#include "app/end_signal.hpp"

#include <pthread.h>
#include <time.h>
#include <unistd.h>

#include "plugins/quarantine.hpp"

namespace crm::sample {
namespace {

using namespace std::chrono_literals;

constexpr int kEndedBySignal = 128 + SIGTERM;

}  // namespace

EndSignal::EndSignal() {
    sigemptyset(&signals_);
    sigaddset(&signals_, SIGTERM);
    sigaddset(&signals_, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
    thread_ = std::thread([this] { watch(); });
}

EndSignal::~EndSignal() {
    {
        const std::lock_guard lock(mutex_);
        over_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

bool EndSignal::wait_for(std::chrono::milliseconds time) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, time, [this] { return came_; });
}

bool EndSignal::over_within(std::chrono::milliseconds time) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, time, [this] { return over_; });
}

void EndSignal::watch() {
    const timespec interval{0, 100'000'000};
    while (sigtimedwait(&signals_, nullptr, &interval) < 0) {
        if (over_within(0ms)) return;
    }
    const auto asked = std::chrono::steady_clock::now();
    {
        const std::lock_guard lock(mutex_);
        came_ = true;
    }
    changed_.notify_all();
    while (!over_within(100ms)) {
        if (CrashMark::note_hung(asked)) ::_exit(kEndedBySignal);
    }
}

}  // namespace crm::sample
