// Runs checks, each in a process of its own with limits, several at a time.
#pragma once

#include <functional>

#include "command_line.hpp"
#include "verdict.hpp"

namespace crm::validator {

// Calls `done` for each check in the order of `line.checks`, as soon as it and all before it have ended.
// Throws crm::Error when no process can be started. Not for use while other threads of the process start or
// wait for children.
void run_checks(const CommandLine& line, const std::function<void(const Check&, const Verdict&)>& done);

}  // namespace crm::validator
