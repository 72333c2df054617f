// Which plugins there are, which are on, and starting and stopping them.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "crm/manifest.hpp"
#include "plugins/running_connector.hpp"

namespace crm::sample {

// A plugin in the folder, or why the file there is none.
struct FoundPlugin {
    Manifest manifest;
    std::filesystem::path file;
    std::string refusal;  // empty: it would be loaded
};

// Reads every manifest in the folder and checks the module beside it. Runs nothing of the modules.
std::map<std::string, FoundPlugin> scan_plugins(const std::filesystem::path& folder);

class PluginManager {
  public:
    PluginManager(HostParts parts, std::filesystem::path folder);
    ~PluginManager();
    PluginManager(const PluginManager&) = delete;
    PluginManager& operator=(const PluginManager&) = delete;

    // Starts what is enabled and stops what is not. Called at start and now and then, because
    // `crm-host plugin enable` changes the database from another process.
    void follow_database();
    // False when there is no such plugin. Whether it started is in the list.
    bool set_enabled(const std::string& id, bool enabled);
    // False when one had to be left behind.
    bool stop_all();

    std::shared_ptr<RunningConnector> find(const std::string& id);
    // {"items": [{id, name, version, description, enabled, state, reason, status, pages}], "next": null}
    std::string list();
    std::optional<std::string> describe(const std::string& id);

  private:
    struct Entry {
        FoundPlugin found;
        bool enabled = false;
        std::string state = "disabled";  // disabled|running|refused|failed|quarantined
        std::string reason;
        std::shared_ptr<RunningConnector> running;
    };

    void rescan();
    std::filesystem::path crash_mark(const std::string& id) const;
    void load(const std::string& id, Entry& entry);
    void unload(Entry& entry);
    static void append(std::string& out, const Entry& entry);

    HostParts parts_;
    std::filesystem::path folder_;
    std::mutex mutex_;
    std::map<std::string, Entry> entries_;
    bool first_look_ = true;
};

}  // namespace crm::sample
