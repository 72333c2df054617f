// A child process with limits that is over, one way or another, when the call returns: its whole process
// group is ended and reaped.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "sealed_file.hpp"

namespace crm::detail {

// The descriptors the child finds open, beside its standard ones, which lead nowhere.
inline constexpr int kChildLibrary = 3;
inline constexpr int kChildAnswer = 4;

struct ProcessLimits {
    std::chrono::milliseconds wall;  // ended when it sleeps after this time
    std::chrono::milliseconds last;  // ended after this time even when it waits for the processor
    std::uint64_t resident;          // ended when it has more bytes than this in memory
};

struct ProcessEnd {
    enum class Kind { kExited, kSignal, kTime, kMemory };
    Kind kind;
    int number;          // the exit status or the signal
    std::string answer;  // what it wrote to kChildAnswer, at most 64 KiB
};

// Runs `program` with `library` open as kChildLibrary, in `folder` and with a bare environment.
// Throws crm::Error(CRM_INTERNAL) when it could not be started.
ProcessEnd run_limited(const std::filesystem::path& program, const std::vector<std::string>& arguments,
                       const SealedFile& library, const std::filesystem::path& folder,
                       const ProcessLimits& limits);

}  // namespace crm::detail
