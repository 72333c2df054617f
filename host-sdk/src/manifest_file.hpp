// A manifest as the text it was read as, since that is what a signature is made over.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "crm/manifest.hpp"

namespace crm::detail {

inline constexpr std::size_t kMaxManifest = std::size_t{64} * 1024;

std::string read_manifest_text(const std::filesystem::path& file);
// parse_manifest, with `file` named in what it throws.
Manifest parse_manifest_of(const std::filesystem::path& file, std::string_view text);

}  // namespace crm::detail
