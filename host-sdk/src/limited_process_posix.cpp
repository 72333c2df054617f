#include "limited_process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <system_error>

#include "crm/error.hpp"

namespace crm::detail {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMaxAnswer = std::size_t{64} * 1024;
constexpr int kTickMilliseconds = 5;
// Above what the child's own descriptors are numbered, so that placing one never closes another.
constexpr int kFirstFree = 10;

[[noreturn]] void system_failure(const std::filesystem::path& program, int reason) {
    throw Error(CRM_INTERNAL, "starting " + program.string() +
                                  " failed: expected a program that the host may run; found: " +
                                  std::generic_category().message(reason) +
                                  ". Check its permissions and the host's limits");
}

Descriptor moved_up(int descriptor) {
    return Descriptor(::fcntl(descriptor, F_DUPFD_CLOEXEC, kFirstFree));
}

// Passwords and database addresses of the host are nobody's affair there.
std::vector<std::string> bare_environment(const std::filesystem::path& folder) {
    std::vector<std::string> variables{"HOME=" + folder.string(), "TMPDIR=" + folder.string()};
    for (const char* name : {"PATH", "LANG", "LC_ALL", "TZ", "LD_LIBRARY_PATH", "ASAN_OPTIONS",
                             "UBSAN_OPTIONS", "TSAN_OPTIONS", "LSAN_OPTIONS"}) {
        if (const char* const value = std::getenv(name)) variables.push_back(std::string(name) + "=" + value);
    }
    return variables;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> all;
    for (std::string& text : texts) all.push_back(text.data());
    all.push_back(nullptr);
    return all;
}

class SpawnPlan {
  public:
    SpawnPlan(int library, int answer, const std::filesystem::path& folder) {
        ::posix_spawn_file_actions_init(&actions);
        ::posix_spawnattr_init(&attributes);
        ::posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
        ::posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
        ::posix_spawn_file_actions_adddup2(&actions, 1, 2);
        ::posix_spawn_file_actions_adddup2(&actions, library, kChildLibrary);
        ::posix_spawn_file_actions_adddup2(&actions, answer, kChildAnswer);
        ::posix_spawn_file_actions_addchdir_np(&actions, folder.c_str());
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

    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
};

class Child {
  public:
    Child(pid_t pid, Descriptor answer) : pid_(pid), answer_(std::move(answer)) {}
    ~Child() {
        if (!reaped_) end();
    }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    ProcessEnd watch(const ProcessLimits& limits) {
        const auto begin = Clock::now();
        while (true) {
            read_answer();
            int status = 0;
            if (::waitpid(pid_, &status, WNOHANG) == pid_) return ended(status, limits);
            highest_ = std::max(highest_, resident());
            if (highest_ > limits.resident) return stop(ProcessEnd::Kind::kMemory);
            const auto passed = Clock::now() - begin;
            // A machine under load must not make a good module look as if it hung: what still computes is
            // left to its limit of processor time.
            if (passed > limits.last || (passed > limits.wall && sleeps())) {
                return stop(ProcessEnd::Kind::kTime);
            }
        }
    }

  private:
    void read_answer() {
        pollfd waiting{answer_.get(), POLLIN, 0};
        // Once the other end is closed there is nothing to wait for but the child's end.
        if (closed_) {
            ::poll(nullptr, 0, 1);
        } else if (::poll(&waiting, 1, kTickMilliseconds) > 0) {
            drain();
        }
    }

    void drain() {
        std::array<char, 4096> buffer;
        while (!closed_) {
            const ssize_t got = ::read(answer_.get(), buffer.data(), buffer.size());
            if (got < 0) return;
            closed_ = got == 0;
            const std::size_t room = kMaxAnswer - text_.size();
            text_.append(buffer.data(), std::min(room, static_cast<std::size_t>(got)));
        }
    }

    std::uint64_t resident() const {
        std::ifstream in("/proc/" + std::to_string(pid_) + "/statm");
        std::uint64_t total = 0;
        std::uint64_t pages = 0;
        in >> total >> pages;
        return pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
    }

    bool sleeps() const {
        std::ifstream in("/proc/" + std::to_string(pid_) + "/stat");
        std::string text;
        std::getline(in, text);
        const std::size_t name_end = text.rfind(')');
        return name_end != std::string::npos && text.substr(name_end).starts_with(") S");
    }

    ProcessEnd ended(int status, const ProcessLimits& limits) {
        reaped_ = true;
        ::kill(-pid_, SIGKILL);  // what it may have left behind
        drain();
        if (!WIFSIGNALED(status)) return {ProcessEnd::Kind::kExited, WEXITSTATUS(status), {}, text_};
        // Memory refused by the system's limit ends in a signal sooner or later.
        const bool large = highest_ > limits.resident / 4 * 3;
        const int signal = WTERMSIG(status);
        // What the child's own limit of processor time sends, and what comes when that is caught.
        const bool computing = signal == SIGXCPU || signal == SIGKILL;
        const auto kind = large       ? ProcessEnd::Kind::kMemory
                          : computing ? ProcessEnd::Kind::kProcessor
                                      : ProcessEnd::Kind::kCrashed;
        return {kind, 0, "signal " + std::to_string(signal) + ", " + ::strsignal(signal), text_};
    }

    ProcessEnd stop(ProcessEnd::Kind kind) {
        end();
        return {kind, 0, {}, text_};
    }

    void end() {
        ::kill(-pid_, SIGKILL);
        while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
        }
        reaped_ = true;
    }

    pid_t pid_;
    Descriptor answer_;
    std::string text_;
    std::uint64_t highest_ = 0;
    bool closed_ = false;
    bool reaped_ = false;
};

// `answer` is closed here afterwards: only the child's end is left, so that its closing is seen.
pid_t spawn(const std::filesystem::path& program, const std::vector<std::string>& arguments, int library,
            Descriptor answer, const std::filesystem::path& folder) {
    const Descriptor high_library = moved_up(library);
    const Descriptor high_answer = moved_up(answer.get());
    if (high_library.get() < 0 || high_answer.get() < 0) system_failure(program, errno);
    std::vector<std::string> words{program.string()};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<std::string> variables = bare_environment(folder);
    const SpawnPlan plan(high_library.get(), high_answer.get(), folder);
    pid_t pid = -1;
    const int failed = ::posix_spawn(&pid, program.c_str(), &plan.actions, &plan.attributes,
                                     pointers(words).data(), pointers(variables).data());
    if (failed != 0) system_failure(program, failed);
    return pid;
}

}  // namespace

std::filesystem::path path_in_child(const SealedFile&) {
    return "/proc/self/fd/" + std::to_string(kChildLibrary);
}

ProcessEnd run_limited(const std::filesystem::path& program, const std::vector<std::string>& arguments,
                       const SealedFile& library, const std::filesystem::path& folder,
                       const ProcessLimits& limits) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) system_failure(program, errno);
    Descriptor read_end(ends[0]);
    ::fcntl(read_end.get(), F_SETFL, O_NONBLOCK);
    return Child(spawn(program, arguments, library.descriptor(), Descriptor(ends[1]), folder),
                 std::move(read_end))
        .watch(limits);
}

}  // namespace crm::detail
