#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <string_view>
#include <system_error>

#include "check_process.hpp"
#include "crm/error.hpp"
#include "sealed_file.hpp"

namespace crm::validator {
namespace {

namespace fs = std::filesystem;
using detail::Descriptor;

// Where the child writes its answer.
constexpr int kAnswer = 3;
constexpr std::size_t kMaxAnswer = 1'000'000;

[[noreturn]] void system_failure(const std::string& what, int reason) {
    throw Error(CRM_INTERNAL, what + " failed: " + std::generic_category().message(reason));
}

std::vector<std::string> environment_in(const fs::path& scratch) {
    std::vector<std::string> variables{"HOME=" + (scratch / "home").string(),
                                       "XDG_CACHE_HOME=" + (scratch / "home").string(),
                                       "TMPDIR=" + (scratch / "tmp").string()};
    for (char** item = environ; *item != nullptr; ++item) {
        const std::string_view text(*item);
        if (!text.starts_with("HOME=") && !text.starts_with("XDG_") && !text.starts_with("TMPDIR=")) {
            variables.emplace_back(text);
        }
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
    SpawnPlan(int output, int answer, const fs::path& folder) {
        ::posix_spawn_file_actions_init(&actions);
        ::posix_spawnattr_init(&attributes);
        ::posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
        ::posix_spawn_file_actions_adddup2(&actions, output, 1);
        ::posix_spawn_file_actions_adddup2(&actions, output, 2);
        // A descriptor duplicated onto itself would keep its close-on-exec flag in older C libraries.
        ::posix_spawn_file_actions_adddup2(&actions, answer, kAnswer);
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

void limit(int resource, rlim_t most) {
    const rlimit value{most, most};
    ::setrlimit(static_cast<__rlimit_resource>(resource), &value);
}

}  // namespace

struct CheckProcess::State {
    Descriptor answer;
    Descriptor output;
    std::string text;
    pid_t pid = -1;
    bool ended = false;
};

CheckProcess::CheckProcess(const std::vector<std::string>& arguments, const fs::path& scratch)
    : state_(std::make_unique<State>()) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) system_failure("making a pipe", errno);
    state_->answer = Descriptor(ends[0]);
    const Descriptor write_end(ends[1]);
    state_->output = Descriptor(::memfd_create("output", MFD_CLOEXEC));
    const SpawnPlan plan(state_->output.get(), write_end.get(), scratch / "work");
    std::vector<std::string> words{"crm-connector-check"};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<std::string> variables = environment_in(scratch);
    const int failed = ::posix_spawn(&state_->pid, "/proc/self/exe", &plan.actions, &plan.attributes,
                                     pointers(words).data(), pointers(variables).data());
    if (failed != 0) system_failure("starting a process", failed);
}

CheckProcess::~CheckProcess() {
    if (state_->pid > 0 && !state_->ended) end();
}

std::optional<CheckProcess::End> CheckProcess::ended() {
    int status = 0;
    if (::waitpid(state_->pid, &status, WNOHANG) != state_->pid) return std::nullopt;
    state_->ended = true;
    ::kill(-state_->pid, SIGKILL);  // what it may have left behind
    if (!WIFSIGNALED(status)) return End{WEXITSTATUS(status), {}};
    const int signal = WTERMSIG(status);
    return End{0, "signal " + std::to_string(signal) + " (" + ::strsignal(signal) + ")"};
}

void CheckProcess::end() {
    ::kill(-state_->pid, SIGKILL);
    ::waitpid(state_->pid, nullptr, 0);
    state_->ended = true;
}

const std::string& CheckProcess::answer() {
    std::array<char, 4096> buffer;
    while (state_->text.size() < kMaxAnswer) {
        const ssize_t got = ::read(state_->answer.get(), buffer.data(), buffer.size());
        if (got <= 0) break;
        state_->text.append(buffer.data(), static_cast<std::size_t>(got));
    }
    return state_->text;
}

std::string CheckProcess::last_output() const {
    std::array<char, 300> buffer;
    const off_t size = ::lseek(state_->output.get(), 0, SEEK_END);
    const off_t from = std::max<off_t>(0, size - static_cast<off_t>(buffer.size()));
    const ssize_t got = ::pread(state_->output.get(), buffer.data(), buffer.size(), from);
    return got <= 0 ? std::string() : std::string(buffer.data(), static_cast<std::size_t>(got));
}

std::uint64_t CheckProcess::resident() const {
    std::ifstream in("/proc/" + std::to_string(state_->pid) + "/statm");
    std::uint64_t total = 0;
    std::uint64_t pages = 0;
    in >> total >> pages;
    return pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

void limit_this_process(std::uint64_t memory) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_FSIZE, 256ul * 1024 * 1024);
#ifndef CRM_CHECK_SANITIZED  // a sanitizer's shadow memory is larger than any limit
    limit(RLIMIT_DATA, memory);
#else
    static_cast<void>(memory);
#endif
}

void answer_and_leave(const std::string& answer) {
    std::string_view left = answer;
    while (!left.empty()) {
        const ssize_t written = ::write(kAnswer, left.data(), left.size());
        if (written < 0) break;
        left.remove_prefix(static_cast<std::size_t>(written));
    }
    ::_exit(0);
}

}  // namespace crm::validator
