// Whether a file in the plugins folder may be trusted as far as its place, owner and size go.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "crm/manifest.hpp"
#include "sealed_file.hpp"

namespace crm::detail {

inline constexpr std::uint64_t kMinModuleSize = std::uint64_t{4} * 1024;
inline constexpr std::uint64_t kMaxModuleSize = std::uint64_t{256} * 1024 * 1024;
inline constexpr std::uint64_t kMaxManifestSize = std::uint64_t{64} * 1024;

struct OpenFile {
    Descriptor descriptor;
    std::uint64_t size;
};

// Opens `file` for reading when it is a regular file that really lies in its folder, belongs to the user who
// runs the host or to root, and can be changed by nobody else. Throws crm::Error(CRM_INVALID).
// `kind` says in messages what it is: "module file", "manifest".
OpenFile open_trusted(const std::filesystem::path& file, const std::string& kind);

// A module file that passed every check that can be made without running it.
struct CheckedModule {
    Manifest manifest;
    SealedFile bytes;
};

CheckedModule check_module(const std::filesystem::path& file);

}  // namespace crm::detail
