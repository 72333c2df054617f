#include "plugins/crash_mark.hpp"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <cstring>

namespace crm::sample {
namespace {

constexpr std::array kFatal{SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};

// A signal handler can be given nothing, so its state has to be static.
std::array<char, 4096> marked_file{};
std::array<struct sigaction, kFatal.size()> earlier{};

extern "C" void leave_mark(int signal) {
    const int file = ::open(marked_file.data(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (file >= 0) ::close(file);
    ::signal(signal, SIG_DFL);
    ::raise(signal);
}

}  // namespace

CrashMark::CrashMark(const std::filesystem::path& file) {
    std::strncpy(marked_file.data(), file.c_str(), marked_file.size() - 1);
    struct sigaction action {};
    action.sa_handler = leave_mark;
    for (std::size_t i = 0; i < kFatal.size(); ++i) ::sigaction(kFatal[i], &action, &earlier[i]);
}

CrashMark::~CrashMark() {
    for (std::size_t i = 0; i < kFatal.size(); ++i) ::sigaction(kFatal[i], &earlier[i], nullptr);
}

}  // namespace crm::sample
