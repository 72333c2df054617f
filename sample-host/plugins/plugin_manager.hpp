// Which plugins there are, which are on, and starting and stopping them.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "plugins/load_policy.hpp"
#include "plugins/plugin_scan.hpp"
#include "plugins/quarantine.hpp"
#include "plugins/running_connector.hpp"

namespace crm::sample {

// A plugin and what became of it.
struct PluginEntry {
    FoundPlugin found;
    bool enabled = false;
    std::string state = "disabled";  // disabled|running|refused|failed|quarantined
    std::string reason;
    std::optional<Quarantine::Case> quarantine;
    std::shared_ptr<RunningConnector> running;
};

class PluginManager {
  public:
    PluginManager(HostParts parts, std::filesystem::path folder, LoadPolicy policy);
    ~PluginManager();
    PluginManager(const PluginManager&) = delete;
    PluginManager& operator=(const PluginManager&) = delete;

    // Starts what is enabled and stops what is not. Called at start and now and then, because
    // `crm-host plugin enable` changes the database from another process.
    void follow_database();
    // False when there is no such plugin. Whether it started is in the list.
    bool set_enabled(const std::string& id, bool enabled);
    // Takes it out of quarantine and starts it when it is enabled. False when there is no such plugin.
    bool release(const std::string& id);
    // False when one had to be left behind.
    bool stop_all();

    std::shared_ptr<RunningConnector> find(const std::string& id);
    // {"items": [see plugin_json.hpp], "next": null, "unsignedAllowed": …, "trouble": text|null}
    std::string list();
    std::optional<std::string> describe(const std::string& id);

  private:
    void rescan();
    void load(const std::string& id, PluginEntry& entry);
    void unload(PluginEntry& entry);
    // Takes its instance down. False when that had to be left behind.
    bool stop(PluginEntry& entry);

    HostParts parts_;
    std::filesystem::path folder_;
    LoadPolicy policy_;
    Quarantine quarantine_;
    std::mutex mutex_;
    std::map<std::string, PluginEntry> entries_;
    std::optional<std::set<std::string>> wanted_;  // as the database last said; none before the first look
};

}  // namespace crm::sample
