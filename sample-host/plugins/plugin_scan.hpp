// What lies in the plugins folder.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "crm/loader.hpp"

namespace crm::sample {

// A plugin in the folder, or why the file there is none.
struct FoundPlugin {
    Manifest manifest;
    std::filesystem::path file;
    std::string refusal;  // empty: it would be loaded, as far as can be told without running it
};

// Reads every manifest in the folder and checks the module beside it, by id. A module without a manifest is
// refused under its file's name. Runs nothing of the modules.
std::map<std::string, FoundPlugin> scan_plugins(const std::filesystem::path& folder, LoadOptions options);

// Why nothing can be found in the folder, for people; empty when it can be read.
std::string folder_trouble(const std::filesystem::path& folder);

}  // namespace crm::sample
