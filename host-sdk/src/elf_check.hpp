// Whether bytes are a whole shared object for this machine. The system's loader trusts the headers: a file
// cut short ends in SIGBUS inside dlopen, so the bounds are checked here first.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

namespace crm::detail {

// Throws crm::Error(CRM_INVALID). `file` is named in the message only.
void check_elf(const std::filesystem::path& file, std::span<const std::byte> bytes);

}  // namespace crm::detail
