#include "plugins/plugin_manager.hpp"

#include <algorithm>

#include "plugins/plugin_json.hpp"
#include "util/json_text.hpp"

namespace crm::sample {
namespace {

constexpr std::chrono::milliseconds kStopDeadline{5000};

}  // namespace

PluginManager::PluginManager(HostParts parts, std::filesystem::path folder, LoadPolicy policy)
    : parts_(std::move(parts)),
      folder_(std::move(folder)),
      policy_(std::move(policy)),
      quarantine_(quarantine_folder(parts_.data)) {}

PluginManager::~PluginManager() {
    stop_all();
}

void PluginManager::rescan() {
    auto found = scan_plugins(folder_, policy_.options());
    for (auto& [id, plugin] : found) {
        PluginEntry& entry = entries_[id];
        // What runs was loaded from the bytes it had then: a new file counts after a restart.
        if (entry.running) continue;
        entry.found = std::move(plugin);
        if (!entry.enabled) {
            entry.state = entry.found.refusal.empty() ? "disabled" : "refused";
            entry.reason = entry.found.refusal;
        }
    }
    std::erase_if(entries_,
                  [&](const auto& entry) { return !entry.second.running && !found.contains(entry.first); });
}

void PluginManager::follow_database() {
    const std::lock_guard lock(mutex_);
    const auto enabled = parts_.plugin_store.enabled();
    const auto failures = parts_.plugin_store.failures();
    // Enabled once more on the command line, which took the failure away: whoever did so mended something.
    const auto tried_anew = [&](const std::string& id, const PluginEntry& entry) {
        return entry.enabled && (entry.state == "refused" || entry.state == "failed") &&
               !failures.contains(id);
    };
    // The folder may hold another file by now; not looked at each time, since all of it is hashed.
    if (wanted_ != enabled || std::ranges::any_of(entries_, [&](const auto& entry) {
            return tried_anew(entry.first, entry.second);
        })) {
        rescan();
    }
    wanted_ = enabled;
    for (auto& [id, entry] : entries_) {
        const bool wanted = enabled.contains(id);
        // Out of quarantine means that the command line released it.
        const bool released = wanted && entry.quarantine && !quarantine_.find(id);
        if (wanted == entry.enabled && !released && !tried_anew(id, entry)) continue;
        entry.enabled = wanted;
        if (wanted) {
            load(id, entry);
        } else {
            unload(entry);
        }
    }
}

bool PluginManager::set_enabled(const std::string& id, bool enabled) {
    const std::lock_guard lock(mutex_);
    rescan();
    const auto found = entries_.find(id);
    if (found == entries_.end()) return false;
    PluginEntry& entry = found->second;
    if (enabled && entry.enabled && entry.running) return true;
    parts_.plugin_store.set_enabled(id, enabled);
    entry.enabled = enabled;
    if (enabled) {
        quarantine_.release(id);
        load(id, entry);
    } else {
        unload(entry);
    }
    return true;
}

bool PluginManager::release(const std::string& id) {
    const std::lock_guard lock(mutex_);
    rescan();
    const auto found = entries_.find(id);
    if (found == entries_.end()) return false;
    if (quarantine_.release(id) && found->second.enabled) load(id, found->second);
    return true;
}

void PluginManager::load(const std::string& id, PluginEntry& entry) {
    entry.quarantine = quarantine_.find(id);
    if (entry.quarantine) {
        entry.state = "quarantined";
        entry.reason = sample::describe(*entry.quarantine);
        parts_.plugin_store.put_failure(id, "");
        parts_.logger.error("plugin " + id + " is quarantined: " + entry.reason);
        return;
    }
    try {
        if (!entry.found.refusal.empty()) throw Error(CRM_INVALID, entry.found.refusal);
        const LoadOptions options = policy_.options();
        parts_.logger.info("loading plugin " + id + " " + entry.found.manifest.version + " from " +
                           entry.found.file.string());
        {
            // A module that takes the host down is not loaded again by itself.
            CrashMark mark(quarantine_, id, "load");
            entry.running = std::make_shared<RunningConnector>(parts_, load_module(entry.found.file, options),
                                                               [&](const char* phase) { mark.enter(phase); });
        }
        entry.running->start(quarantine_);
        entry.state = "running";
        entry.reason.clear();
        parts_.logger.info("plugin " + id + " " + entry.found.manifest.version + " is running");
    } catch (const Error& error) {
        entry.running.reset();
        entry.state = error.code() == CRM_INVALID ? "refused" : "failed";
        entry.reason = error.what();
    } catch (const std::exception& error) {
        entry.running.reset();
        entry.state = "failed";
        entry.reason = error.what();
    }
    parts_.plugin_store.put_failure(id, entry.reason);
    if (!entry.reason.empty()) parts_.logger.error("plugin " + id + " was not started: " + entry.reason);
}

void PluginManager::unload(PluginEntry& entry) {
    if (entry.running) {
        if (!stop(entry)) {
            parts_.logger.warn("plugin " + entry.found.manifest.id +
                               " did not stop in time and is left behind");
        }
        parts_.plugin_store.clear_notices(entry.found.manifest.id);
        parts_.logger.info("plugin " + entry.found.manifest.id + " is off");
    }
    entry.state = "disabled";
    entry.reason.clear();
}

bool PluginManager::stop(PluginEntry& entry) {
    const CrashMark mark(quarantine_, entry.found.manifest.id, "stop");
    const bool clean = entry.running->stop(kStopDeadline);
    entry.running.reset();
    return clean;
}

bool PluginManager::stop_all() {
    const std::lock_guard lock(mutex_);
    bool clean = true;
    for (auto& [id, entry] : entries_) {
        if (entry.running && !stop(entry)) clean = false;
    }
    return clean;
}

std::shared_ptr<RunningConnector> PluginManager::find(const std::string& id) {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(id);
    return found == entries_.end() ? nullptr : found->second.running;
}

std::string PluginManager::list() {
    // Copied, so that a connector that is slow to tell its state holds up nobody else.
    std::map<std::string, PluginEntry> entries;
    {
        const std::lock_guard lock(mutex_);
        rescan();
        entries = entries_;
    }
    std::string out = "{\"items\":[";
    const auto publishers = policy_.publishers.trusted();
    for (const auto& [id, entry] : entries) {
        if (out.back() != '[') out.push_back(',');
        out += plugin_json(entry, publishers);
    }
    const std::string trouble = folder_trouble(folder_);
    return out + "],\"next\":null,\"unsignedAllowed\":" + (policy_.allow_unsigned ? "true" : "false") +
           ",\"trouble\":" + (trouble.empty() ? "null" : json_string(trouble)) + "}";
}

std::optional<std::string> PluginManager::describe(const std::string& id) {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(id);
    if (found == entries_.end()) return std::nullopt;
    return plugin_json(found->second, policy_.publishers.trusted());
}

}  // namespace crm::sample
