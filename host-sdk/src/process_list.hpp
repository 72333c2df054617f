// The processes of this system and what they use, as /proc tells it. Linux only.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace crm::detail {

struct ProcessUsage {
    char state;  // of its first thread: R computes or waits for a processor, all others wait for something
                 // else
    pid_t parent;
    int threads;
    std::chrono::milliseconds processor;  // of all its threads
    std::chrono::milliseconds queued;     // how long its first thread waited for a processor
    std::uint64_t resident;               // bytes in memory

    bool runs() const { return (state != 'Z' && state != 'X') || threads > 1; }
};

// Nothing when there is no such process.
std::optional<ProcessUsage> usage_of(pid_t process);

// Those that have not ended.
std::vector<pid_t> children_of(pid_t parent);

// Those started with `variable` ("NAME=value") in their environment, and what they forked, but not this one.
std::vector<pid_t> processes_started_with(const std::string& variable);

}  // namespace crm::detail
