// Files that are there whole or not at all.
#pragma once

#include <filesystem>
#include <string_view>

namespace crm::signer {

enum class Readers { kOwner, kEverybody };

// Writes beside `file` and renames. Only the owner may ever write it, whatever the umask is.
// Throws crm::Error(CRM_INTERNAL).
void write_file(const std::filesystem::path& file, std::string_view text, Readers readers);

}  // namespace crm::signer
