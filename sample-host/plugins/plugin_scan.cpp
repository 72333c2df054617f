#include "plugins/plugin_scan.hpp"

#include <algorithm>
#include <vector>

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

FoundPlugin look_at(const std::filesystem::path& manifest_file, const LoadOptions& options) {
    FoundPlugin found;
    try {
        found.manifest = read_manifest(manifest_file);
        found.file = manifest_file.parent_path() / found.manifest.file;
        found.manifest = check_module_file(found.file, options);
    } catch (const std::exception& error) {
        found.refusal = error.what();
        // Without a readable manifest the file's name is all there is to show.
        if (found.manifest.id.empty()) found.manifest.id = manifest_file.stem().string();
        if (found.manifest.name.empty()) found.manifest.name = found.manifest.id;
    }
    return found;
}

}  // namespace

std::map<std::string, FoundPlugin> scan_plugins(const std::filesystem::path& folder, LoadOptions options) {
    options.without_probe = true;
    std::map<std::string, FoundPlugin> out;
    // Of two with one id, which both are refused for it, the first one stands for both.
    for (const auto& file : manifests_in(folder)) {
        FoundPlugin found = look_at(file, options);
        out.try_emplace(found.manifest.id, std::move(found));
    }
    return out;
}

}  // namespace crm::sample
