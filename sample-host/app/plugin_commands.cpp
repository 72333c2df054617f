#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>

#include "app/commands.hpp"
#include "app/serve.hpp"
#include "plugins/plugin_scan.hpp"
#include "plugins/plugin_store.hpp"
#include "plugins/quarantine.hpp"

namespace crm::sample {
namespace {

LoadOptions load_options(const Options& options) {
    const LoadPolicy policy = load_policy(options);
    std::vector<std::string> complaints;
    policy.publishers.trusted(&complaints);
    for (const std::string& complaint : complaints) std::cerr << complaint << "\n";
    return policy.options();
}

// By its id or by the name of its file.
std::optional<FoundPlugin> find_plugin(const Options& options, const std::string& name) {
    for (const auto& [id, plugin] : scan_plugins(options.plugins, load_options(options))) {
        if (id == name || plugin.file.stem() == name) return plugin;
    }
    return std::nullopt;
}

// Whether it would be loaded at the next start. It runs in the probe at most, never in this process.
int check_plugin(const Options& options, const std::string& name) {
    try {
        std::filesystem::path file = name;
        if (!std::filesystem::exists(file)) {
            if (const auto known = find_plugin(options, name)) file = known->file;
        }
        const Manifest manifest = check_module_file(std::filesystem::absolute(file), load_options(options));
        const auto kept_out = options.data.empty()
                                  ? std::nullopt
                                  : Quarantine(quarantine_folder(options.data)).find(manifest.id);
        if (kept_out) {
            std::cerr << manifest.id << " " << manifest.version
                      << " is in quarantine: " << describe(*kept_out) << "\n";
            return 1;
        }
        std::cout << manifest.id << " " << manifest.version << ": would be loaded" << std::endl;
        return 0;
    } catch (const Error& error) {
        std::cerr << error.what() << std::endl;
        return 1;
    }
}

// A listing: a plugin that does not run is told with its reason and is no failure of the command.
int list_plugins(const Options& options) {
    prepare_data_folder(options.data);
    if (const std::string trouble = folder_trouble(options.plugins); !trouble.empty()) {
        std::cerr << "crm-host: " << trouble << std::endl;
        return 1;
    }
    Database database(options.data / "crm.db");
    PluginStore store(database);
    const auto enabled = store.enabled();
    const auto failures = store.failures();
    const Quarantine quarantine(quarantine_folder(options.data));
    for (const auto& [id, plugin] : scan_plugins(options.plugins, load_options(options))) {
        std::cout << id << "\t" << plugin.manifest.version << "\t"
                  << (enabled.contains(id) ? "enabled" : "disabled");
        if (!plugin.refusal.empty()) {
            std::cout << "\trefused: " << plugin.refusal;
        } else if (enabled.contains(id) && failures.contains(id)) {
            std::cout << "\tlast start failed: " << failures.at(id);
        }
        if (const auto found = quarantine.find(id)) std::cout << "\tquarantined: " << describe(*found);
        std::cout << "\n";
    }
    return 0;
}

int switch_plugin(const Options& options, const std::string& name, bool enabled) {
    prepare_data_folder(options.data);
    const auto plugin = find_plugin(options, name);
    if (!plugin) {
        const std::string trouble = folder_trouble(options.plugins);
        std::cerr << "there is no plugin '" << name << "' in " << options.plugins.string()
                  << (trouble.empty() ? "; see crm-host plugin list" : ": " + trouble) << std::endl;
        return 1;
    }
    if (enabled && !plugin->refusal.empty()) {
        std::cerr << plugin->refusal << std::endl;
        return 1;
    }
    const std::string& id = plugin->manifest.id;
    if (enabled) Quarantine(quarantine_folder(options.data)).release(id);
    Database database(options.data / "crm.db");
    PluginStore(database).set_enabled(id, enabled);
    std::cout << id << (enabled ? " enabled" : " disabled") << std::endl;
    return 0;
}

int release_plugin(const Options& options, const std::string& name) {
    prepare_data_folder(options.data);
    const auto plugin = find_plugin(options, name);
    if (!plugin || !Quarantine(quarantine_folder(options.data)).release(plugin->manifest.id)) {
        std::cerr << "no plugin '" << name << "' is in quarantine" << std::endl;
        return 1;
    }
    std::cout << plugin->manifest.id << " released" << std::endl;
    return 0;
}

int list_publishers(const Options& options) {
    std::vector<std::string> complaints;
    for (const Publisher& publisher : load_policy(options).publishers.trusted(&complaints)) {
        std::cout << publisher.name << "\t" << key_fingerprint(publisher.key) << "\t" << publisher.key
                  << "\n";
    }
    for (const std::string& complaint : complaints) std::cerr << complaint << "\n";
    return complaints.empty() ? 0 : 1;
}

int trust_publisher(const Options& options, const std::string& file) {
    prepare_data_folder(options.data);
    const Publisher publisher = read_publisher(file);
    load_policy(options).publishers.trust(publisher);
    std::cout << publisher.name << " is trusted; compare the fingerprint with the publisher's: "
              << key_fingerprint(publisher.key) << std::endl;
    return 0;
}

int distrust_publisher(const Options& options, const std::string& which) {
    prepare_data_folder(options.data);
    const auto publisher = load_policy(options).publishers.distrust(which);
    if (!publisher) {
        std::cerr << "no trusted publisher has the name, fingerprint or key '" << which << "'" << std::endl;
        return 1;
    }
    std::cout << publisher->name << " is no longer trusted; what it signed and already runs, runs until the "
              << "host is restarted" << std::endl;
    return 0;
}

}  // namespace

LoadPolicy load_policy(const Options& options) {
    return {Publishers(options.shipped_publishers,
                       options.data.empty() ? std::filesystem::path() : options.data / "trusted-publishers"),
            options.allow_unsigned};
}

int manage_plugins(const Options& options) {
    const auto& arguments = options.arguments;
    const std::string command = arguments.empty() ? "" : arguments[0];
    if (arguments.size() == 1 && command == "list") return list_plugins(options);
    if (arguments.size() == 1 && command == "publishers") return list_publishers(options);
    if (arguments.size() != 2) throw UsageError("plugin takes a command and what it is about");
    if (command == "check") return check_plugin(options, arguments[1]);
    if (command == "enable") return switch_plugin(options, arguments[1], true);
    if (command == "disable") return switch_plugin(options, arguments[1], false);
    if (command == "release") return release_plugin(options, arguments[1]);
    if (command == "trust") return trust_publisher(options, arguments[1]);
    if (command == "distrust") return distrust_publisher(options, arguments[1]);
    throw UsageError("plugin has no command " + command);
}

}  // namespace crm::sample
