#include "watched_child.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <thread>

#include "crm/error.hpp"
#include "process_list.hpp"
#include "warden.hpp"

namespace crm::detail {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

// Above what the child's own descriptors are numbered, so that placing one never closes another.
constexpr int kFirstFree = 10;
// How long the warden may take to end everything before it is taken for dead.
constexpr auto kPatience = 250ms;

[[noreturn]] void system_failure(const std::filesystem::path& program, int reason) {
    throw Error(CRM_INTERNAL, "starting " + program.string() +
                                  " failed: expected a program that the host may run; found: " +
                                  std::generic_category().message(reason) +
                                  ". Check its permissions and the host's limits");
}

struct Pipe {
    explicit Pipe(const std::filesystem::path& program) {
        int ends[2];
        if (::pipe2(ends, O_CLOEXEC) != 0) system_failure(program, errno);
        read_end = Descriptor(ends[0]);
        write_end = Descriptor(ends[1]);
        ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
    }
    Descriptor read_end;
    Descriptor write_end;
};

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> all;
    for (std::string& text : texts) all.push_back(text.data());
    all.push_back(nullptr);
    return all;
}

class SpawnPlan {
  public:
    explicit SpawnPlan(const std::filesystem::path& program) : program_(program) {
        ::posix_spawn_file_actions_init(&actions);
        ::posix_spawnattr_init(&attributes);
        ::posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
        ::posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
        sigset_t signals;
        ::sigemptyset(&signals);
        ::posix_spawnattr_setsigmask(&attributes, &signals);
        ::sigfillset(&signals);
        ::posix_spawnattr_setsigdefault(&attributes, &signals);
        ::posix_spawnattr_setpgroup(&attributes, 0);
        ::posix_spawnattr_setflags(
            &attributes,
            static_cast<short>(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF));
    }
    ~SpawnPlan() {
        ::posix_spawn_file_actions_destroy(&actions);
        ::posix_spawnattr_destroy(&attributes);
    }
    SpawnPlan(const SpawnPlan&) = delete;
    SpawnPlan& operator=(const SpawnPlan&) = delete;

    void lend(int descriptor, int number) {
        if (descriptor == kNoFile) return;
        lent_.emplace_back(::fcntl(descriptor, F_DUPFD_CLOEXEC, kFirstFree));
        if (lent_.back().get() < 0) system_failure(program_, errno);
        ::posix_spawn_file_actions_adddup2(&actions, lent_.back().get(), number);
    }

    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;

  private:
    const std::filesystem::path& program_;
    std::vector<Descriptor> lent_;
};

pid_t spawn(const WatchedChild::Start& start, int answer, int report) {
    SpawnPlan plan(start.program);
    plan.lend(start.output, 1);
    ::posix_spawn_file_actions_adddup2(&plan.actions, 1, 2);
    plan.lend(answer, kChildAnswer);
    plan.lend(report, kChildReport);
    plan.lend(start.library, kChildLibrary);
    ::posix_spawn_file_actions_addchdir_np(&plan.actions, start.folder.c_str());
    std::vector<std::string> words = start.words;
    std::vector<std::string> variables = start.environment;
    pid_t pid = -1;
    const int failed = ::posix_spawn(&pid, start.program.c_str(), &plan.actions, &plan.attributes,
                                     pointers(words).data(), pointers(variables).data());
    if (failed != 0) system_failure(start.program, failed);
    return pid;
}

WatchedChild::End end_of(const WardenReport& report) {
    using Kind = WatchedChild::End::Kind;
    const int status = static_cast<int>(report.status);
    const std::chrono::microseconds processor(report.processor_us);
    const bool left = report.left != 0;
    if (WIFSTOPPED(status)) return {Kind::kStopped, WSTOPSIG(status), processor, left};
    if (WIFSIGNALED(status)) return {Kind::kSignal, WTERMSIG(status), processor, left};
    return {Kind::kExited, WEXITSTATUS(status), processor, left};
}

}  // namespace

WatchedChild::WatchedChild(const Start& start)
    : program_(start.program), mark_("TMPDIR=" + start.temporary.string()), most_(start.most) {
    static_assert(sizeof(WardenReport) == sizeof read_);
    Pipe answer(program_);
    Pipe report(program_);
    Start marked = start;
    marked.environment.push_back(mark_);
    warden_ = spawn(marked, answer.write_end.get(), report.write_end.get());
    answer_ = std::move(answer.read_end);
    report_ = std::move(report.read_end);
}

WatchedChild::~WatchedChild() {
    end();
}

void WatchedChild::read_report() {
    const ssize_t got = ::read(report_.get(), read_.data() + size_, read_.size() - size_);
    if (got > 0) size_ += static_cast<std::size_t>(got);
}

pid_t WatchedChild::process() const {
    const auto process = std::bit_cast<WardenReport>(read_).process;
    return size_ >= sizeof process && process > 0 ? static_cast<pid_t>(process) : 0;
}

std::optional<WatchedChild::End> WatchedChild::ended() {
    read_report();
    int status = 0;
    if (::waitpid(warden_, &status, WNOHANG | WUNTRACED) != warden_) return std::nullopt;
    if (WIFSTOPPED(status)) {
        end();
        return End{End::Kind::kEscaped};
    }
    over_ = true;
    read_report();
    const auto report = std::bit_cast<WardenReport>(read_);
    if (size_ == sizeof report) return end_of(report);
    if (size_ > 0 && report.process < 0) system_failure(program_, static_cast<int>(-report.process));
    // Another program than one with a warden.
    if (size_ == 0 && WIFEXITED(status)) return End{End::Kind::kExited, WEXITSTATUS(status)};
    end_escaped();
    return End{End::Kind::kEscaped};
}

void WatchedChild::end() {
    if (over_) return;
    over_ = true;
    read_report();
    ::kill(warden_, SIGTERM);
    ::kill(warden_, SIGCONT);
    if (warden_ends_within(kPatience)) return;
    ::kill(-warden_, SIGKILL);
    while (::waitpid(warden_, nullptr, 0) < 0 && errno == EINTR) continue;
    end_escaped();
}

bool WatchedChild::warden_ends_within(std::chrono::milliseconds longest) {
    const auto until = Clock::now() + longest;
    do {
        int status = 0;
        if (::waitpid(warden_, &status, WNOHANG) == warden_) {
            if (WIFSIGNALED(status)) end_escaped();
            return true;
        }
        std::this_thread::sleep_for(1ms);
    } while (Clock::now() < until);
    return false;
}

// Without the warden nobody knows the module's processes any more: what carries its folder's name in its
// environment is one of them. New ones may be made meanwhile.
void WatchedChild::end_escaped() const {
    if (process() > 0) ::kill(-process(), SIGKILL);
    for (int round = 0; round < 20; ++round) {
        const std::vector<pid_t> found = processes_started_with(mark_);
        if (found.empty()) return;
        for (const pid_t each : found) ::kill(each, SIGKILL);
        std::this_thread::sleep_for(1ms);
    }
}

const std::string& WatchedChild::answer() {
    std::array<char, 4096> buffer;
    while (text_.size() < most_) {
        const ssize_t got =
            ::read(answer_.get(), buffer.data(), std::min(buffer.size(), most_ - text_.size()));
        if (got == 0) answered_ = true;
        if (got <= 0) break;
        text_.append(buffer.data(), static_cast<std::size_t>(got));
    }
    return text_;
}

void WatchedChild::wait(std::chrono::milliseconds longest) {
    // What is closed, or not read any further, would answer at once for ever.
    pollfd waiting{answered_ || text_.size() >= most_ ? -1 : answer_.get(), POLLIN, 0};
    ::poll(&waiting, 1, static_cast<int>(waiting.fd < 0 ? 1 : longest.count()));
}

std::string signal_text(int signal) {
    return "signal " + std::to_string(signal) + ", " + ::strsignal(signal);
}

}  // namespace crm::detail
