// What a program was called with, as UTF-8 on every system.
#pragma once

#include <string>
#include <vector>

namespace crm::detail {

// Without the program's own name. `argc` and `argv` are main's.
std::vector<std::string> program_arguments(int argc, char** argv);

}  // namespace crm::detail
