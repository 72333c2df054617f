// Whether bytes are a whole library for this system and machine. The system's loader trusts the headers, so
// they are checked before it sees them.
#pragma once

#ifdef _WIN32
#include "pe_check.hpp"
#else
#include "elf_check.hpp"
#endif

namespace crm::detail {

// Both throw crm::Error(CRM_INVALID). `file` is named in the message only.
inline void check_whole_image(const std::filesystem::path& file, std::span<const std::byte> bytes) {
#ifdef _WIN32
    read_pe(file, bytes);
#else
    check_elf(file, bytes);
#endif
}
// That, and what else can be seen of a connector's module on this system.
inline void check_image(const std::filesystem::path& file, std::span<const std::byte> bytes) {
#ifdef _WIN32
    check_pe(file, bytes);
#else
    check_elf(file, bytes);
#endif
}

}  // namespace crm::detail
