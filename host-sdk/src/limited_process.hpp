// A child process with limits that is over, one way or another, when the call returns: everything it started
// is ended, too. limited_process_posix.cpp and limited_process_windows.cpp.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "sealed_file.hpp"

namespace crm::detail {

struct ProcessLimits {
    std::chrono::milliseconds wall;  // ended when it sleeps after this time
    std::chrono::milliseconds last;  // ended after this time even when it waits for the processor
    std::chrono::seconds processor;  // of time computing; the child may limit itself to it, too
    std::uint64_t commit;            // of its memory on the whole, where the system can limit that
    std::uint64_t resident;          // ended when it has more bytes than this in memory
};

struct ProcessEnd {
    // kEscaped: it ended or stopped what watches it.
    enum class Kind { kExited, kCrashed, kTime, kProcessor, kMemory, kEscaped };
    Kind kind;
    int status = 0;        // of kExited
    std::string crash{};   // of kCrashed, such as "signal 11, Segmentation fault"
    std::string answer{};  // what it had to tell, at most 64 KiB
    bool left = false;     // it left a process running, which was ended
};

// Where the child finds the library that run_limited lends it.
std::filesystem::path path_in_child(const SealedFile& library);

// Runs `program`, which may load `library`, in `folder` and with a bare environment.
// Throws crm::Error(CRM_INTERNAL) when it could not be started.
ProcessEnd run_limited(const std::filesystem::path& program, const std::vector<std::string>& arguments,
                       const SealedFile& library, const std::filesystem::path& folder,
                       const ProcessLimits& limits);

}  // namespace crm::detail
