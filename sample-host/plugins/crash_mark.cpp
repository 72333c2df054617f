#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <stdexcept>
#include <vector>

#include "plugins/crash_record.hpp"
#include "plugins/quarantine.hpp"

namespace crm::sample {
namespace {

constexpr std::array kFatal{SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};
constexpr std::size_t kAlternateStack = std::size_t{64} * 1024;

// A signal handler can be given nothing, so what it needs has to be static.
struct State {
    int file = -1;
    int ends = 0;
    std::atomic<const char*> phase = "load";
    std::array<struct sigaction, kFatal.size()> earlier{};
    stack_t earlier_stack{};
    std::vector<char> stack;
};
State state;

// Async-signal-safe: no memory, no locks.
void put(std::array<char, 64>& line, std::size_t& size, const char* text) {
    for (; *text != '\0' && size < line.size(); ++text) line[size++] = *text;
}
void put(std::array<char, 64>& line, std::size_t& size, int number) {
    if (number >= 10) put(line, size, number / 10);
    if (size < line.size()) line[size++] = static_cast<char>('0' + number % 10);
}

void record(const char* how, int number) {
    std::array<char, 64> line{};
    std::size_t size = 0;
    put(line, size, state.ends);
    put(line, size, " ");
    put(line, size, state.phase);
    put(line, size, " ");
    put(line, size, how);
    if (number > 0) put(line, size, number);
    put(line, size, "\n");
    static_cast<void>(::pwrite(state.file, line.data(), size, 0) > 0 &&
                      ::ftruncate(state.file, static_cast<off_t>(size)) == 0);
    ::fsync(state.file);
}

extern "C" void leave_mark(int signal) {
    record("signal ", signal);
    ::signal(signal, SIG_DFL);
    ::raise(signal);
}

extern "C" void note_exit() {
    if (state.file >= 0) record("exit", 0);
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
    return record;
}

CrashMark::CrashMark(const Quarantine& quarantine, const std::string& id) : file_(quarantine.mark(id)) {
    std::filesystem::create_directories(file_.parent_path());
    const auto before = read_crash_record(file_);
    state.ends = before ? before->ends + 1 : 1;
    state.phase = "load";
    state.file = ::open(file_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (state.file < 0) throw std::runtime_error("cannot write " + file_.string());
    record(kUnseen, 0);
    sync_folder(file_.parent_path());

    static const int registered = std::atexit(note_exit);
    static_cast<void>(registered);
    // Endless recursion leaves no room on the stack it used up.
    state.stack.resize(kAlternateStack);
    stack_t stack{};
    stack.ss_sp = state.stack.data();
    stack.ss_size = state.stack.size();
    ::sigaltstack(&stack, &state.earlier_stack);
    struct sigaction action {};
    action.sa_handler = leave_mark;
    action.sa_flags = SA_ONSTACK;
    for (std::size_t i = 0; i < kFatal.size(); ++i) ::sigaction(kFatal[i], &action, &state.earlier[i]);
}

void CrashMark::enter(const char* phase) {
    state.phase = phase;
    record(kUnseen, 0);
}

CrashMark::~CrashMark() {
    for (std::size_t i = 0; i < kFatal.size(); ++i) ::sigaction(kFatal[i], &state.earlier[i], nullptr);
    ::sigaltstack(&state.earlier_stack, nullptr);
    std::error_code ignored;
    std::filesystem::remove(file_, ignored);
    ::close(state.file);
    state.file = -1;
}

}  // namespace crm::sample
