// Everything about a module file that can be judged without running it.
#pragma once

#include <cstdint>
#include <filesystem>

#include "crm/loader.hpp"
#include "sealed_file.hpp"
#include "trusted_file.hpp"

namespace crm::detail {

inline constexpr std::uint64_t kMinModuleSize = std::uint64_t{4} * 1024;
inline constexpr std::uint64_t kMaxModuleSize = std::uint64_t{128} * 1024 * 1024;

// A module file that passed, as the bytes that may now be loaded.
struct CheckedModule {
    Manifest manifest;
    SealedFile bytes;
};

CheckedModule check_module(const std::filesystem::path& file, const LoadOptions& options);

}  // namespace crm::detail
