#include <algorithm>
#include <vector>

#include "crm/loader.hpp"
#include "plugins/plugin_manager.hpp"

namespace crm::sample {
namespace {

std::vector<std::filesystem::path> manifests_in(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> out;
    std::error_code error;
    for (const auto& item : std::filesystem::directory_iterator(folder, error)) {
        if (item.path().extension() == ".json") out.push_back(item.path());
    }
    std::sort(out.begin(), out.end());
    return out;
}

FoundPlugin look_at(const std::filesystem::path& manifest_file) {
    FoundPlugin found;
    try {
        found.manifest = read_manifest(manifest_file);
        found.file = manifest_file.parent_path() / found.manifest.file;
        found.manifest = check_module_file(found.file);
    } catch (const std::exception& error) {
        found.refusal = error.what();
        // Without a readable manifest the file's name is all there is to show.
        if (found.manifest.id.empty()) found.manifest.id = manifest_file.stem().string();
        if (found.manifest.name.empty()) found.manifest.name = found.manifest.id;
    }
    return found;
}

}  // namespace

std::map<std::string, FoundPlugin> scan_plugins(const std::filesystem::path& folder) {
    std::map<std::string, FoundPlugin> out;
    for (const auto& file : manifests_in(folder)) {
        FoundPlugin found = look_at(file);
        const auto [position, added] = out.try_emplace(found.manifest.id, found);
        // Two modules of one id would share settings, routes and files: neither is loaded.
        if (!added) {
            position->second.refusal = "two modules in the plugins folder have the id '" + found.manifest.id +
                                       "' (" + position->second.file.filename().string() + " and " +
                                       found.file.filename().string() + "); remove one";
        }
    }
    return out;
}

}  // namespace crm::sample
