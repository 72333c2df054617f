#include "runner.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <system_error>
#include <thread>

#include "child.hpp"
#include "crm/error.hpp"
#include "sealed_file.hpp"

namespace crm::validator {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using Clock = std::chrono::steady_clock;
using detail::Descriptor;

[[noreturn]] void system_failure(const std::string& what) {
    throw Error(CRM_INTERNAL, what + " failed: " + std::generic_category().message(errno));
}

// A folder that goes with this object.
class Scratch {
  public:
    Scratch() {
        std::string name = (fs::temp_directory_path() / "crm-check-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) system_failure("making a scratch folder");
        path_ = name;
    }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    ~Scratch() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    const fs::path& path() const { return path_; }

  private:
    fs::path path_;
};

std::size_t resident_bytes(pid_t pid) {
    std::ifstream in("/proc/" + std::to_string(pid) + "/statm");
    std::size_t total = 0;
    std::size_t resident = 0;
    in >> total >> resident;
    return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

class RunningCheck {
  public:
    RunningCheck(const CommandLine& line, const Check& check) : check_(check) {
        int ends[2];
        if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) system_failure("making a pipe");
        answer_ = Descriptor(ends[0]);
        const Descriptor write_end(ends[1]);
        output_ = Descriptor(::memfd_create("output", MFD_CLOEXEC));
        start(line, write_end.get());
    }
    RunningCheck(const RunningCheck&) = delete;
    RunningCheck& operator=(const RunningCheck&) = delete;
    ~RunningCheck() {
        if (!ended_) end_group();
    }

    // The verdict once there is one.
    std::optional<Verdict> poll() {
        read_answer();
        int status = 0;
        const pid_t ended = ::waitpid(pid_, &status, WNOHANG);
        if (ended == pid_) {
            ended_ = true;
            ::kill(-pid_, SIGKILL);  // what it may have left behind
            read_answer();
            return finish(judge(status));
        }
        if (Clock::now() - begin_ > std::chrono::seconds(check_.seconds)) {
            return stop("the check had not ended after " + std::to_string(check_.seconds) +
                        " s and was ended (a call hangs or is far too slow)");
        }
#ifndef CRM_CHECK_SANITIZED
        if (resident_bytes(pid_) > kMaxResident) {
            return stop("more than " + std::to_string(kMaxResident / 1024 / 1024) +
                        " MiB of memory were used, so the check was ended");
        }
#endif
        return std::nullopt;
    }
    int descriptor() const {
        return answer_.get();
    }

  private:
    void start(const CommandLine& line, int write_end) {
        for (const char* folder : {"work", "home", "tmp", "instances"})
            fs::create_directories(scratch_.path() / folder);
        const fs::path scratch = scratch_.path();
        std::vector<std::string> arguments{"crm-connector-check",
                                           "--internal-run",
                                           std::string(check_.name),
                                           "--internal-scratch",
                                           (scratch / "instances").string(),
                                           "--seed",
                                           std::to_string(line.seed)};
        if (!line.scenario.empty()) {
            arguments.insert(arguments.end(), {"--scenario", fs::absolute(line.scenario).string()});
        }
        for (const std::string& key : line.trusted) arguments.insert(arguments.end(), {"--trusted", key});
        arguments.push_back(fs::absolute(line.module).string());
        std::vector<std::string> variables{"HOME=" + (scratch / "home").string(),
                                           "XDG_CACHE_HOME=" + (scratch / "home").string(),
                                           "TMPDIR=" + (scratch / "tmp").string()};
        for (char** item = environ; *item != nullptr; ++item) {
            const std::string_view text(*item);
            if (!text.starts_with("HOME=") && !text.starts_with("XDG_") && !text.starts_with("TMPDIR=")) {
                variables.emplace_back(text);
            }
        }
        const auto pointers = [](std::vector<std::string>& texts) {
            std::vector<char*> all;
            for (std::string& text : texts) all.push_back(text.data());
            all.push_back(nullptr);
            return all;
        };
        posix_spawn_file_actions_t actions;
        posix_spawnattr_t attributes;
        ::posix_spawn_file_actions_init(&actions);
        ::posix_spawnattr_init(&attributes);
        ::posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
        ::posix_spawn_file_actions_adddup2(&actions, output_.get(), 1);
        ::posix_spawn_file_actions_adddup2(&actions, output_.get(), 2);
        // A descriptor duplicated onto itself would keep its close-on-exec flag in older C libraries.
        ::posix_spawn_file_actions_adddup2(&actions, write_end, kVerdictDescriptor);
        ::posix_spawn_file_actions_addchdir_np(&actions, (scratch / "work").c_str());
        sigset_t none;
        sigset_t all;
        ::sigemptyset(&none);
        ::sigfillset(&all);
        ::posix_spawnattr_setsigmask(&attributes, &none);
        ::posix_spawnattr_setsigdefault(&attributes, &all);
        ::posix_spawnattr_setpgroup(&attributes, 0);
        ::posix_spawnattr_setflags(
            &attributes,
            static_cast<short>(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF));
        const int failed = ::posix_spawn(&pid_, "/proc/self/exe", &actions, &attributes,
                                         pointers(arguments).data(), pointers(variables).data());
        ::posix_spawn_file_actions_destroy(&actions);
        ::posix_spawnattr_destroy(&attributes);
        if (failed != 0) {
            errno = failed;
            ended_ = true;
            system_failure("starting a process for " + std::string(check_.name));
        }
    }

    void read_answer() {
        std::array<char, 4096> buffer;
        while (true) {
            const ssize_t got = ::read(answer_.get(), buffer.data(), buffer.size());
            if (got <= 0 || text_.size() > 1'000'000) return;
            text_.append(buffer.data(), static_cast<std::size_t>(got));
        }
    }

    void end_group() {
        ::kill(-pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
        ended_ = true;
    }

    Verdict stop(std::string found) {
        end_group();
        return finish({Verdict::Kind::kFail, std::string(check_.demands), std::move(found)});
    }

    Verdict finish(Verdict verdict) const {
        verdict.seconds = std::chrono::duration<double>(Clock::now() - begin_).count();
        return verdict;
    }

    Verdict judge(int status) const {
        Verdict verdict{Verdict::Kind::kFail, std::string(check_.demands), ""};
        if (WIFSIGNALED(status)) {
            verdict.found = "the module ended the process by signal " + std::to_string(WTERMSIG(status)) +
                            " (" + ::strsignal(WTERMSIG(status)) + ")" + last_words();
            return verdict;
        }
        json::error_code failed;
        const json::value answer = json::parse(text_, failed);
        if (failed || !answer.is_object()) {
            verdict.found = "the module ended the process with exit(" + std::to_string(WEXITSTATUS(status)) +
                            ")" + last_words();
            return verdict;
        }
        const auto text = [&](const char* name) {
            const json::value* value = answer.get_object().if_contains(name);
            return value == nullptr ? std::string() : json::value_to<std::string>(*value);
        };
        const std::string kind = text("kind");
        verdict.kind = kind == "pass"   ? Verdict::Kind::kPass
                       : kind == "skip" ? Verdict::Kind::kNotExercised
                                        : Verdict::Kind::kFail;
        verdict.expected = text("expected");
        verdict.found = text("found");
        return verdict;
    }

    // The end of what it printed: assertions and sanitizers say there why they gave up.
    std::string last_words() const {
        std::array<char, 300> buffer;
        const off_t size = ::lseek(output_.get(), 0, SEEK_END);
        const off_t from = std::max<off_t>(0, size - static_cast<off_t>(buffer.size()));
        const ssize_t got = ::pread(output_.get(), buffer.data(), buffer.size(), from);
        if (got <= 0) return "";
        std::string text(buffer.data(), static_cast<std::size_t>(got));
        for (char& c : text) {
            if (c < 0x20 || c > 0x7e) c = ' ';
        }
        return "; it said: " + text;
    }

    const Check& check_;
    Scratch scratch_;
    Descriptor answer_;
    Descriptor output_;
    Clock::time_point begin_ = Clock::now();
    pid_t pid_ = -1;
    bool ended_ = false;
    std::string text_;
};

}  // namespace

void run_checks(const CommandLine& line, const std::function<void(const Check&, const Verdict&)>& done) {
    const std::size_t jobs = line.jobs > 0 ? line.jobs : std::max(1u, std::thread::hardware_concurrency());
    std::map<std::size_t, RunningCheck> running;
    std::map<std::size_t, Verdict> ended;
    std::size_t started = 0;
    std::size_t shown = 0;
    while (shown < line.checks.size()) {
        while (started < line.checks.size() && running.size() < jobs) {
            running.try_emplace(started, line, line.checks[started]);
            ++started;
        }
        std::vector<pollfd> waiting;
        for (const auto& [index, check] : running) waiting.push_back({check.descriptor(), POLLIN, 0});
        ::poll(waiting.data(), waiting.size(), 5);
        for (auto it = running.begin(); it != running.end();) {
            if (auto verdict = it->second.poll()) {
                ended.emplace(it->first, std::move(*verdict));
                it = running.erase(it);
            } else {
                ++it;
            }
        }
        for (auto it = ended.begin(); it != ended.end() && it->first == shown;
             it = ended.erase(it), ++shown) {
            done(line.checks[shown], it->second);
        }
    }
}

}  // namespace crm::validator
