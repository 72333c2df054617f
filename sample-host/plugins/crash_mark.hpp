// Leaves a file behind when the process dies of a fatal signal (not of kill -9 or a power cut), so that the
// next start knows which module took it down.
#pragma once

#include <filesystem>

namespace crm::sample {

// While one lives, SIGSEGV, SIGBUS, SIGILL, SIGFPE and SIGABRT make `file` before they end the process as
// usual. One at a time in a process.
class CrashMark {
  public:
    explicit CrashMark(const std::filesystem::path& file);
    ~CrashMark();
    CrashMark(const CrashMark&) = delete;
    CrashMark& operator=(const CrashMark&) = delete;
};

}  // namespace crm::sample
