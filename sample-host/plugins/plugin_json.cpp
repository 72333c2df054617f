#include "plugins/plugin_json.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <exception>

#include "util/json_text.hpp"
#include "util/time_text.hpp"

namespace crm::sample {
namespace {

std::string or_null(std::string_view text) {
    return text.empty() ? "null" : json_string(text);
}

std::string signer(const std::string& key, const std::vector<Publisher>& publishers) {
    if (key.empty()) return "null";
    const auto found = std::ranges::find(publishers, key, &Publisher::key);
    // It may have been distrusted since the module was loaded.
    const std::string name = found == publishers.end() ? "" : found->name;
    return "{\"name\":" + or_null(name) + ",\"fingerprint\":" + json_string(key_fingerprint(key)) + "}";
}

std::string quarantine(const std::optional<Quarantine::Case>& found) {
    if (!found) return "null";
    return "{\"phase\":" + json_string(found->phase) + ",\"how\":" + json_string(found->how) +
           ",\"at\":" + json_string(to_rfc3339(found->at)) + "}";
}

std::string status(const PluginEntry& entry) {
    if (!entry.running) return "null";
    try {
        const std::string text = entry.running->status();
        return text.empty() ? "null" : text;
    } catch (const std::exception&) {
        return "null";
    }
}

std::string pages(const PluginEntry& entry) {
    if (!entry.running) return "[]";
    const auto* described = entry.running->description().if_contains("pages");
    if (described == nullptr || !described->is_array()) return "[]";
    return boost::json::serialize(*described);
}

}  // namespace

std::string plugin_json(const PluginEntry& entry, const std::vector<Publisher>& publishers) {
    const Manifest& manifest = entry.found.manifest;
    return "{\"id\":" + json_string(manifest.id) + ",\"name\":" + json_string(manifest.name) +
           ",\"version\":" + json_string(manifest.version) +
           ",\"description\":" + or_null(manifest.description) +
           ",\"publisher\":" + or_null(manifest.publisher) +
           ",\"signedBy\":" + signer(manifest.signed_by, publishers) +
           ",\"enabled\":" + (entry.enabled ? "true" : "false") + ",\"state\":" + json_string(entry.state) +
           ",\"reason\":" + or_null(entry.reason) + ",\"quarantine\":" + quarantine(entry.quarantine) +
           ",\"status\":" + status(entry) + ",\"pages\":" + pages(entry) + "}";
}

}  // namespace crm::sample
