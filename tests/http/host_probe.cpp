// Whatever a module does in the probe, it is refused in time and nothing of it stays behind.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <charconv>
#include <chrono>
#include <csignal>
#include <thread>

#include "plugin_folder.hpp"

namespace {

namespace fs = std::filesystem;
using namespace host_test;
using Catch::Contains;
using Clock = std::chrono::steady_clock;

// The promise is 2 s; a machine that is busy with something else is given more.
constexpr std::chrono::seconds kLongest{6};

// The processes that have the module of this name mapped.
std::vector<pid_t> processes_with(const std::string& module) {
    std::vector<pid_t> found;
    for (const auto& entry : fs::directory_iterator("/proc")) {
        const std::string name = entry.path().filename().string();
        pid_t process = 0;
        if (std::from_chars(name.data(), name.data() + name.size(), process).ec != std::errc()) continue;
        if (read_file(entry.path() / "maps").find("/memfd:" + module) != std::string::npos)
            found.push_back(process);
    }
    return found;
}

template <class Condition>
bool eventually(const Condition& condition) {
    for (const auto until = Clock::now() + std::chrono::seconds(20); Clock::now() < until;) {
        if (condition()) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
}

// crm-host plugin check of a module with the fault, in a group and with temporary files of its own.
class Checking {
  public:
    explicit Checking(const std::string& fault)
        : module_(add_module(folder_.path(), "probed-" + std::to_string(::getpid()) + "-" + fault,
                             read_file(fs::path(PROBE_FAULTS_FOLDER) / (fault + ".so")))) {
        sign_manifest(module_);
        host_ = ::fork();
        if (host_ != 0) return;
        ::setpgid(0, 0);
        ::setenv("TMPDIR", temporary_.path().c_str(), 1);
        const std::string text = (folder_.path() / "text").string();
        if (std::freopen(text.c_str(), "w", stderr) == nullptr) ::_exit(126);
        ::execl(CRM_HOST_BIN, "crm-host", "plugin", "check", module_.c_str(), static_cast<char*>(nullptr));
        ::_exit(127);
    }
    Checking(const Checking&) = delete;
    Checking& operator=(const Checking&) = delete;

    struct Outcome {
        int status = 0;
        std::string text;
        std::chrono::duration<double> time{};
        std::chrono::microseconds processor{};  // of the host and all it waited for
    };
    Outcome wait() {
        Outcome outcome;
        rusage usage{};
        REQUIRE(::wait4(host_, &outcome.status, 0, &usage) == host_);
        outcome.time = Clock::now() - begin_;
        outcome.text = read_file(folder_.path() / "text");
        for (const timeval& part : {usage.ru_utime, usage.ru_stime}) {
            outcome.processor += std::chrono::seconds(part.tv_sec) + std::chrono::microseconds(part.tv_usec);
        }
        return outcome;
    }
    void kill() const {
        ::kill(host_, SIGKILL);
        ::waitpid(host_, nullptr, 0);
    }
    // Neither processes nor files.
    bool left_nothing() const { return processes() == 0 && fs::is_empty(temporary_.path()); }
    // The host maps the module's bytes to read them, the probe to run them.
    std::size_t processes() const { return processes_with(module_.filename().string()).size(); }

  private:
    TemporaryFolder folder_;
    TemporaryFolder temporary_;
    fs::path module_;
    Clock::time_point begin_ = Clock::now();
    pid_t host_ = -1;
};

}  // namespace

TEST_CASE("probe: whatever a module does, it is refused in time, told apart, and leaves nothing behind") {
    const std::pair<const char*, const char*> faults[] = {
        {"stops-itself", "hung while making an instance"},
        {"kills-itself", "a crash (signal 9, Killed) while making an instance"},
        {"kills-its-group", "a crash (signal 9, Killed) while making an instance"},
        {"kills-its-parent", "ended or stopped the process that watches it while making an instance"},
        {"flees", "ended or stopped the process that watches it while making an instance"},
        {"stops-its-parent", "ended or stopped the process that watches it while describing itself"},
        {"leaves-a-daemon", "left some running"},
        {"computes-on", "went on computing while describing itself"},
        {"talks", " while "},
        {"waits-for-a-child", "hung while describing itself"},
    };
    for (const auto& [fault, text] : faults) {
        CAPTURE(fault);
        Checking checking(fault);
        const Checking::Outcome outcome = checking.wait();
        CAPTURE(outcome.text);
        REQUIRE(WIFEXITED(outcome.status));
        CHECK(WEXITSTATUS(outcome.status) == 1);
        CHECK_THAT(outcome.text, Contains(text) && Contains("not loaded"));
        CHECK(outcome.time < kLongest);
        // One second is the module's; until 2 s the system's own limit would have let it go on.
        CHECK(outcome.processor < std::chrono::milliseconds(1900));
        CHECK(eventually([&] { return checking.left_nothing(); }));
    }
}

TEST_CASE("probe: a host that is killed meanwhile leaves neither processes nor files") {
    const Checking checking("hangs");
    REQUIRE(eventually([&] { return checking.processes() == 2; }));
    checking.kill();
    CHECK(eventually([&] { return checking.left_nothing(); }));
}

TEST_CASE("probe: a host that is killed while it starts the probe leaves no processes") {
    for (int time = 0; time < 20; ++time) {
        const Checking checking("hangs");
        REQUIRE(eventually([&] { return checking.processes() > 0; }));
        checking.kill();
        REQUIRE(eventually([&] { return checking.processes() == 0; }));
    }
}
