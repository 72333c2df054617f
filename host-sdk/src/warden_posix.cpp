#include "warden.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <bit>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <system_error>
#include <thread>

#include "process_list.hpp"

namespace crm::detail {
namespace {

// What the child asked to end may take a moment to do so.
constexpr std::chrono::milliseconds kGrace{100};
constexpr std::chrono::milliseconds kTick{2};

std::int64_t microseconds(const timeval& time) {
    return std::int64_t{time.tv_sec} * 1'000'000 + time.tv_usec;
}

class Warden {
  public:
    explicit Warden(pid_t child) : child_(child) { report_.process = child; }

    // False when the host wants it to end, or is gone.
    bool watch() {
        send(0, offsetof(WardenReport, status));
        if (report_.process < 0) return false;
        sigset_t signals;
        ::sigemptyset(&signals);
        ::sigaddset(&signals, SIGCHLD);
        ::sigaddset(&signals, SIGTERM);
        while (!reap()) {
            const timespec longest{1, 0};
            if (host_is_gone() || ::sigtimedwait(&signals, nullptr, &longest) == SIGTERM) return false;
        }
        return true;
    }

    void tell_end() {
        const auto until = std::chrono::steady_clock::now() + kGrace;
        while (!WIFSTOPPED(report_.status) && anything_left() && std::chrono::steady_clock::now() < until) {
            std::this_thread::sleep_for(kTick);
        }
        report_.left = !WIFSTOPPED(report_.status) && anything_left() ? 1 : 0;
        end_everything();
        send(offsetof(WardenReport, status), sizeof report_);
    }

    // What is orphaned by an end becomes this process' child and is found next.
    static void end_everything() {
        while (true) {
            for (const pid_t process : children_of(::getpid())) ::kill(process, SIGKILL);
            pid_t ended = 0;
            while ((ended = ::waitpid(-1, nullptr, WNOHANG)) > 0) continue;
            if (ended < 0 && errno == ECHILD) return;
            std::this_thread::sleep_for(kTick);
        }
    }

    // It has the other end of the report's pipe.
    static bool host_is_gone() {
        pollfd report{kChildReport, 0, 0};
        return ::poll(&report, 1, 0) > 0 && (report.revents & POLLERR) != 0;
    }

  private:
    // The bytes of the report from one offset to another.
    void send(std::size_t begin, std::size_t end) const {
        const auto bytes = std::bit_cast<std::array<char, sizeof(WardenReport)>>(report_);
        static_cast<void>(::write(kChildReport, &bytes[begin], end - begin) < 0);
    }

    // Whether the child has ended, or was stopped, which it won't recover from.
    bool reap() {
        int status = 0;
        rusage usage{};
        for (pid_t ended = 0; (ended = ::wait4(-1, &status, WNOHANG | WUNTRACED, &usage)) > 0;) {
            if (ended != child_) continue;
            report_.status = status;
            report_.processor_us = microseconds(usage.ru_utime) + microseconds(usage.ru_stime);
            return true;
        }
        return false;
    }

    static bool anything_left() {
        while (::waitpid(-1, nullptr, WNOHANG) > 0) continue;
        return !children_of(::getpid()).empty();
    }

    pid_t child_;
    WardenReport report_{};
};

}  // namespace

void continue_under_warden(const std::filesystem::path& scratch) {
    ::close_range(kChildLibrary + 1, ~0U, 0);
    const pid_t warden = ::getpid();
    sigset_t all;
    sigset_t before;
    ::sigfillset(&all);
    ::sigprocmask(SIG_BLOCK, &all, &before);
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
    ::prctl(PR_SET_DUMPABLE, 0);  // nobody of the same user traces it
    const pid_t child = ::fork();
    if (child == 0) {
        ::close(kChildReport);
        ::setpgid(0, 0);  // so that kill(0, …) does not reach the warden
        ::prctl(PR_SET_DUMPABLE, 1);
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (::getppid() != warden) ::_exit(1);
        ::sigprocmask(SIG_SETMASK, &before, nullptr);
        return;
    }
    Warden watching(child < 0 ? -errno : child);
    if (watching.watch()) watching.tell_end();
    Warden::end_everything();
    if (Warden::host_is_gone()) {
        std::error_code ignored;
        std::filesystem::remove_all(scratch, ignored);
    }
    ::_exit(0);
}

}  // namespace crm::detail
