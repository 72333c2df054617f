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

// Reads every manifest in the folder and checks the module beside it, by id. Runs nothing of the modules.
std::map<std::string, FoundPlugin> scan_plugins(const std::filesystem::path& folder, LoadOptions options);

}  // namespace crm::sample
