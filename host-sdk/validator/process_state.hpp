// What a module may leave changed in the process that loaded it.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace crm::validator {

std::size_t thread_count();
std::size_t open_descriptors();
// Bytes of memory that are really there.
std::size_t resident_bytes();

std::string working_directory();
std::vector<std::string> environment();
// One line per signal whose handling is not the default.
std::vector<std::string> signal_handlers();
unsigned file_mask();
// The names setlocale answers for all categories.
std::string locale_name();

}  // namespace crm::validator
