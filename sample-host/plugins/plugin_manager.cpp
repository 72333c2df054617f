#include "plugins/plugin_manager.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "plugins/crash_mark.hpp"
#include "util/json_text.hpp"

namespace crm::sample {
namespace {

constexpr std::chrono::milliseconds kStopDeadline{5000};

std::string or_null(std::string_view text) {
    return text.empty() ? "null" : json_string(text);
}

}  // namespace

PluginManager::PluginManager(HostParts parts, std::filesystem::path folder)
    : parts_(std::move(parts)), folder_(std::move(folder)) {
    rescan();
}

PluginManager::~PluginManager() {
    stop_all();
}

void PluginManager::rescan() {
    auto found = scan_plugins(folder_);
    for (auto& [id, plugin] : found) {
        Entry& entry = entries_[id];
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
    for (auto& [id, entry] : entries_) {
        const bool wanted = enabled.contains(id);
        if (wanted == entry.enabled) continue;
        entry.enabled = wanted;
        if (!wanted) {
            unload(entry);
        } else if (first_look_ && std::filesystem::exists(crash_mark(id))) {
            entry.state = "quarantined";
            entry.reason =
                "This module crashed the host while it was being loaded. Enable it again to try once more.";
            parts_.logger.error("plugin " + id + " is quarantined: " + entry.reason);
        } else {
            load(id, entry);
        }
    }
    first_look_ = false;
}

bool PluginManager::set_enabled(const std::string& id, bool enabled) {
    const std::lock_guard lock(mutex_);
    rescan();
    const auto found = entries_.find(id);
    if (found == entries_.end()) return false;
    Entry& entry = found->second;
    if (enabled && entry.enabled && entry.running) return true;
    parts_.plugin_store.set_enabled(id, enabled);
    entry.enabled = enabled;
    if (enabled) {
        load(id, entry);
    } else {
        unload(entry);
    }
    return true;
}

std::filesystem::path PluginManager::crash_mark(const std::string& id) const {
    return parts_.data / ("crashed-" + id);
}

void PluginManager::load(const std::string& id, Entry& entry) {
    try {
        if (!entry.found.refusal.empty()) throw Error(CRM_INVALID, entry.found.refusal);
        std::filesystem::remove(crash_mark(id));
        {
            // A module that takes the host down is not loaded again by itself.
            const CrashMark mark(crash_mark(id));
            entry.running = std::make_shared<RunningConnector>(parts_, load_module(entry.found.file));
        }
        entry.running->start();
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
    if (!entry.reason.empty()) parts_.logger.error("plugin " + id + " was not started: " + entry.reason);
}

void PluginManager::unload(Entry& entry) {
    if (entry.running) {
        if (!entry.running->stop(kStopDeadline)) {
            parts_.logger.warn("plugin " + entry.found.manifest.id +
                               " did not stop in time and is left behind");
        }
        entry.running.reset();
        parts_.plugin_store.clear_notices(entry.found.manifest.id);
        parts_.logger.info("plugin " + entry.found.manifest.id + " is off");
    }
    entry.state = "disabled";
    entry.reason.clear();
}

bool PluginManager::stop_all() {
    const std::lock_guard lock(mutex_);
    bool clean = true;
    for (auto& [id, entry] : entries_) {
        if (entry.running && !entry.running->stop(kStopDeadline)) clean = false;
        entry.running.reset();
    }
    return clean;
}

std::shared_ptr<RunningConnector> PluginManager::find(const std::string& id) {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(id);
    return found == entries_.end() ? nullptr : found->second.running;
}

void PluginManager::append(std::string& out, const Entry& entry) {
    const Manifest& manifest = entry.found.manifest;
    std::string status = "null";
    std::string pages = "[]";
    if (entry.running) {
        try {
            status = entry.running->status();
        } catch (const std::exception&) {
            status = "null";
        }
        const auto* described = entry.running->description().if_contains("pages");
        if (described != nullptr && described->is_array()) pages = boost::json::serialize(*described);
    }
    out += "{\"id\":" + json_string(manifest.id) + ",\"name\":" + json_string(manifest.name) +
           ",\"version\":" + json_string(manifest.version) +
           ",\"description\":" + or_null(manifest.description) +
           ",\"publisher\":" + or_null(manifest.publisher) +
           ",\"enabled\":" + (entry.enabled ? "true" : "false") + ",\"state\":" + json_string(entry.state) +
           ",\"reason\":" + or_null(entry.reason) + ",\"status\":" + (status.empty() ? "null" : status) +
           ",\"pages\":" + pages + "}";
}

std::string PluginManager::list() {
    // Copied, so that a connector that is slow to tell its state holds up nobody else.
    std::map<std::string, Entry> entries;
    {
        const std::lock_guard lock(mutex_);
        rescan();
        entries = entries_;
    }
    std::string out = "{\"items\":[";
    for (const auto& [id, entry] : entries) {
        if (out.back() != '[') out.push_back(',');
        append(out, entry);
    }
    return out + "],\"next\":null}";
}

std::optional<std::string> PluginManager::describe(const std::string& id) {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(id);
    if (found == entries_.end()) return std::nullopt;
    std::string out;
    append(out, found->second);
    return out;
}

}  // namespace crm::sample
