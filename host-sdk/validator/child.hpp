// The process that runs one check.
#pragma once

#include "command_line.hpp"

namespace crm::validator {

inline constexpr std::size_t kMaxResident = std::size_t{768} * 1024 * 1024;

// Runs the check, answers its verdict as a JSON line, and ends the process.
[[noreturn]] void run_one(const CommandLine& line);

}  // namespace crm::validator
