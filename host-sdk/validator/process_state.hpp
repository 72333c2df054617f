// What a module may leave changed in the process that loaded it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace crm::validator {

std::size_t thread_count();
std::size_t open_descriptors();
// Paths of the regular files among them that can be written to, but for those that exist in memory only.
std::vector<std::string> files_open_for_writing();
// Bytes of memory that are really there.
std::size_t resident_bytes();
// Bytes that malloc has given out and not got back.
std::size_t allocated_bytes();

// From now on, what its children leave behind counts as this process' children, where the system can do that.
void adopt_orphans();
// Child processes that have not ended.
std::size_t child_processes();

// Bytes in this process' output so far, which is a file that belongs to this check.
std::uint64_t written_output();
// A path that nobody can write below.
std::string unusable_folder();

std::string working_directory();
std::vector<std::string> environment();
// One line per signal whose handling is not the default.
std::vector<std::string> signal_handlers();
unsigned file_mask();
// The names setlocale answers for all categories.
std::string locale_name();

}  // namespace crm::validator
