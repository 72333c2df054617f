// The process that runs one check.
#pragma once

#include "command_line.hpp"

namespace crm::validator {

// Where it writes its verdict: a JSON line.
inline constexpr int kVerdictDescriptor = 3;
inline constexpr std::size_t kMaxResident = std::size_t{768} * 1024 * 1024;

// Runs the check and ends the process without the module's exit handlers, whose trouble would be nobody's.
[[noreturn]] void run_one(const CommandLine& line);

}  // namespace crm::validator
