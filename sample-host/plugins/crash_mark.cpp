#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <mutex>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "plugins/crash_record.hpp"
#include "plugins/quarantine.hpp"

namespace crm::sample {
namespace {

constexpr std::array kFatal{SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};
using Clock = std::chrono::steady_clock;

constexpr std::size_t kAlternateStack = std::size_t{64} * 1024;

using Line = std::array<char, 128>;

// Async-signal-safe: no memory, no locks.
void put(Line& line, std::size_t& size, const char* text) {
    for (; *text != '\0' && size < line.size(); ++text) line[size++] = *text;
}
void put(Line& line, std::size_t& size, int number) {
    if (number >= 10) put(line, size, number / 10);
    if (size < line.size()) line[size++] = static_cast<char>('0' + number % 10);
}

}  // namespace

struct CrashMark::State {
    int file = -1;
    int ends = 0;
    std::atomic<const char*> phase = nullptr;
    std::atomic<Clock::time_point> since = Clock::now();
    std::string boot = boot_id();
    stack_t earlier_stack{};
    std::vector<char> stack;

    // Async-signal-safe.
    void record(const char* how, int number = 0) const {
        Line line{};
        std::size_t size = 0;
        put(line, size, ends);
        put(line, size, " ");
        put(line, size, phase);
        put(line, size, " ");
        put(line, size, how);
        if (number > 0) put(line, size, number);
        put(line, size, "\n");
        put(line, size, boot.c_str());
        put(line, size, "\n");
        static_cast<void>(::pwrite(file, line.data(), size, 0) > 0 &&
                          ::ftruncate(file, static_cast<off_t>(size)) == 0);
        ::fsync(file);
    }
};

namespace {

// A signal handler can be given nothing. What this thread does with a module is what a fatal signal of this
// thread is about.
thread_local const CrashMark::State* of_this_thread = nullptr;

struct Marks {
    std::mutex mutex;
    std::vector<CrashMark::State*> all;
};
Marks& marks() {
    static auto* const the_marks = new Marks;  // there to the very end
    return *the_marks;
}

std::array<struct sigaction, kFatal.size()> earlier_actions{};

extern "C" void leave_mark(int signal) {
    if (of_this_thread != nullptr) of_this_thread->record("signal ", signal);
    for (std::size_t i = 0; i < kFatal.size(); ++i) {
        if (kFatal[i] == signal) ::sigaction(signal, &earlier_actions[i], nullptr);
    }
    ::raise(signal);
}

extern "C" void note_exit() {
    if (of_this_thread != nullptr) of_this_thread->record("exit");
}

bool see_ends() {
    struct sigaction action {};
    action.sa_handler = leave_mark;
    action.sa_flags = SA_ONSTACK;
    for (std::size_t i = 0; i < kFatal.size(); ++i) ::sigaction(kFatal[i], &action, &earlier_actions[i]);
    return std::atexit(note_exit) == 0;
}

// How long a step may go on once the host is to end; nothing for those that are given time elsewhere.
std::optional<std::chrono::seconds> patience(std::string_view phase) {
    if (phase == "run") return std::nullopt;
    return std::chrono::seconds(phase == "stop" ? 12 : 3);
}

bool is_file(const std::filesystem::path& path, int descriptor) {
    struct stat named {};
    struct stat opened {};
    return ::stat(path.c_str(), &named) == 0 && ::fstat(descriptor, &opened) == 0 &&
           named.st_ino == opened.st_ino;
}

// A new file's name is durable once its folder is.
void sync_folder(const std::filesystem::path& folder) {
    const int opened = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (opened < 0) return;
    ::fsync(opened);
    ::close(opened);
}

}  // namespace

std::optional<CrashRecord> read_crash_record(const std::filesystem::path& file) {
    std::ifstream in(file);
    CrashRecord record;
    if (!(in >> record.ends >> record.phase >> std::ws) || !std::getline(in, record.how)) return std::nullopt;
    in >> record.boot;
    return record;
}

std::string boot_id() {
    std::ifstream in("/proc/sys/kernel/random/boot_id");
    std::string id;
    in >> id;
    return id;
}

CrashMark::CrashMark(const Quarantine& quarantine, const std::string& id, const char* phase)
    : file_(quarantine.mark(id)), state_(std::make_unique<State>()) {
    std::filesystem::create_directories(file_.parent_path());
    const auto before = read_crash_record(file_);
    state_->ends = before ? before->ends + 1 : 1;
    state_->phase = phase;
    {
        const std::lock_guard lock(marks().mutex);
        std::error_code ignored;
        std::filesystem::remove(file_, ignored);
        state_->file = ::open(file_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    }
    if (state_->file < 0) throw std::runtime_error("cannot write " + file_.string());
    state_->record(kUnseen);
    sync_folder(file_.parent_path());

    static const bool seen = see_ends();
    static_cast<void>(seen);
    // Endless recursion leaves no room on the stack it used up.
    state_->stack.resize(kAlternateStack);
    stack_t stack{};
    stack.ss_sp = state_->stack.data();
    stack.ss_size = state_->stack.size();
    ::sigaltstack(&stack, &state_->earlier_stack);
    of_this_thread = state_.get();
    const std::lock_guard lock(marks().mutex);
    marks().all.push_back(state_.get());
}

void CrashMark::enter(const char* phase) {
    state_->phase = phase;
    state_->since = Clock::now();
    state_->record(kUnseen);
}

CrashMark::~CrashMark() {
    {
        const std::lock_guard lock(marks().mutex);
        std::erase(marks().all, state_.get());
        // A module that is stopped during its first slice has two marks: the later one's file stays.
        std::error_code ignored;
        if (is_file(file_, state_->file)) std::filesystem::remove(file_, ignored);
    }
    of_this_thread = nullptr;
    ::sigaltstack(&state_->earlier_stack, nullptr);
    ::close(state_->file);
}

bool CrashMark::note_hung(std::chrono::steady_clock::time_point asked) {
    const std::lock_guard lock(marks().mutex);
    for (const State* const state : marks().all) {
        const auto longest = patience(state->phase.load());
        if (!longest || Clock::now() - std::max(asked, state->since.load()) < *longest) continue;
        state->record(kHung);
        return true;
    }
    return false;
}

}  // namespace crm::sample
