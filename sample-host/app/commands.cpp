#include "app/commands.hpp"

#include <iostream>
#include <optional>

#include "app/serve.hpp"
#include "auth/accounts.hpp"
#include "crm/loader.hpp"
#include "plugins/plugin_manager.hpp"

namespace crm::sample {
namespace {

// By its id or by the name of its file.
std::optional<FoundPlugin> find_plugin(const Options& options, const std::string& name) {
    for (const auto& [id, plugin] : scan_plugins(options.plugins)) {
        if (id == name || plugin.file.stem() == name) return plugin;
    }
    return std::nullopt;
}

// Looks at the file only; nothing of it runs.
int check_plugin(const Options& options, const std::string& name) {
    try {
        std::filesystem::path file = name;
        if (!std::filesystem::exists(file)) {
            if (const auto known = find_plugin(options, name)) file = known->file;
        }
        const Manifest manifest = check_module_file(std::filesystem::absolute(file));
        std::cout << manifest.id << " " << manifest.version << ": would be loaded" << std::endl;
        return 0;
    } catch (const Error& error) {
        std::cerr << error.what() << std::endl;
        return 1;
    }
}

int list_plugins(const Options& options) {
    prepare_data_folder(options.data);
    Database database(options.data / "crm.db");
    const auto enabled = PluginStore(database).enabled();
    for (const auto& [id, plugin] : scan_plugins(options.plugins)) {
        std::cout << id << "\t" << plugin.manifest.version << "\t"
                  << (enabled.contains(id) ? "enabled" : "disabled");
        if (!plugin.refusal.empty()) std::cout << "\trefused: " << plugin.refusal;
        std::cout << "\n";
    }
    return 0;
}

int switch_plugin(const Options& options, const std::string& name, bool enabled) {
    prepare_data_folder(options.data);
    const auto plugin = find_plugin(options, name);
    if (!plugin) {
        std::cerr << "there is no plugin '" << name << "' in " << options.plugins.string() << std::endl;
        return 1;
    }
    if (enabled && !plugin->refusal.empty()) {
        std::cerr << plugin->refusal << std::endl;
        return 1;
    }
    const std::string& id = plugin->manifest.id;
    Database database(options.data / "crm.db");
    PluginStore(database).set_enabled(id, enabled);
    std::cout << id << (enabled ? " enabled" : " disabled") << std::endl;
    return 0;
}

}  // namespace

int make_token(const Options& options) {
    const auto role = parse_role(options.role);
    if (!role || !options.arguments.empty()) throw UsageError("--role must be admin, manager or viewer");
    prepare_data_folder(options.data);
    Database database(options.data / "crm.db");
    std::cout << Accounts(database).create_token(*role) << std::endl;
    return 0;
}

int manage_plugins(const Options& options) {
    const auto& arguments = options.arguments;
    if (arguments.size() == 1 && arguments[0] == "list") return list_plugins(options);
    if (arguments.size() != 2) throw UsageError("plugin takes list, enable ID, disable ID or check FILE");
    if (arguments[0] == "check") return check_plugin(options, arguments[1]);
    if (arguments[0] == "enable") return switch_plugin(options, arguments[1], true);
    if (arguments[0] == "disable") return switch_plugin(options, arguments[1], false);
    throw UsageError("plugin has no command " + arguments[0]);
}

}  // namespace crm::sample
