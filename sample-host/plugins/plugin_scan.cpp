#include "plugins/plugin_scan.hpp"

#include <algorithm>
#include <vector>

namespace crm::sample {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> files_in(const fs::path& folder, const char* extension) {
    std::vector<fs::path> out;
    std::error_code error;
    for (const auto& item : fs::directory_iterator(folder, error)) {
        if (item.path().extension() == extension) out.push_back(item.path());
    }
    std::sort(out.begin(), out.end());
    return out;
}

fs::path manifest_of(fs::path module) {
    return module.replace_extension(".json");
}

// `named` is the file that people see in the folder: a manifest, or a module without one.
FoundPlugin look_at(const fs::path& named, const LoadOptions& options) {
    FoundPlugin found;
    found.file = named;
    try {
        if (named.extension() == ".json") {
            found.manifest = read_manifest(named);
            found.file = named.parent_path() / found.manifest.file;
        }
        found.manifest = check_module_file(found.file, options);
    } catch (const std::exception& error) {
        found.refusal = error.what();
        // Without a readable manifest the file's name is all there is to show.
        if (found.manifest.id.empty()) found.manifest.id = named.stem().string();
        if (found.manifest.name.empty()) found.manifest.name = found.manifest.id;
    }
    return found;
}

}  // namespace

std::map<std::string, FoundPlugin> scan_plugins(const fs::path& folder, LoadOptions options) {
    options.without_probe = true;
    std::map<std::string, FoundPlugin> out;
    // Of two with one id, which both are refused for it, the first one stands for both.
    const auto add = [&](const fs::path& file) {
        FoundPlugin found = look_at(file, options);
        out.try_emplace(found.manifest.id, std::move(found));
    };
    for (const auto& manifest : files_in(folder, ".json")) add(manifest);
    for (const auto& module : files_in(folder, ".so")) {
        if (!fs::exists(manifest_of(module))) add(module);
    }
    return out;
}

std::string folder_trouble(const fs::path& folder) {
    std::error_code error;
    const fs::directory_iterator items(folder, error);
    if (!error) return "";
    return "the plugins folder " + folder.string() +
           " can't be used: expected a folder that the host can read; found: " + error.message() +
           ". Make it, correct its permissions, or name another one with --plugins.";
}

}  // namespace crm::sample
