#include "plugins/host_services.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>

#include "crm/error.hpp"
#include "util/time_text.hpp"

namespace crm::sample {
namespace {

namespace json = boost::json;

constexpr std::size_t kMaxSettings = std::size_t{4} << 20;

std::string text_of(const json::object& object, const char* name) {
    const auto* value = object.if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

}  // namespace

HostServices::HostServices(const HostParts& parts, std::string id)
    : parts_(parts), id_(std::move(id)), records_(parts.database, id_) {}

void HostServices::log(LogLevel level, std::string_view text) noexcept {
    parts_.logger.write(level, id_, text);
}

Instant HostServices::now() {
    return now_us();
}

Instant HostServices::monotonic() {
    return monotonic_us();
}

std::string HostServices::settings() {
    return parts_.plugin_store.settings(id_);
}

void HostServices::put_settings(std::string_view text) {
    json::error_code error;
    if (text.size() > kMaxSettings || !json::parse(text, error).is_object() || error) {
        throw Error(CRM_INVALID, "settings must be a JSON object of at most 4 MiB");
    }
    parts_.plugin_store.put_settings(id_, text);
}

std::string HostServices::query_records(std::string_view request) {
    return records_.query(request);
}

std::string HostServices::upsert_records(std::string_view request) {
    return records_.upsert(request);
}

std::string HostServices::changed_records(std::string_view request) {
    return records_.changes(request);
}

std::string HostServices::wrap_key(std::string_view key) {
    return parts_.master_key.wrap(key, "crm.keys/1:" + id_);
}

std::string HostServices::unwrap_key(std::string_view wrapped) {
    return parts_.master_key.unwrap(wrapped, "crm.keys/1:" + id_);
}

std::string HostServices::directory() {
    const std::filesystem::path folder = std::filesystem::absolute(parts_.data / "connectors" / id_);
    std::filesystem::create_directories(folder);
    std::filesystem::permissions(folder, std::filesystem::perms::owner_all,
                                 std::filesystem::perm_options::replace);
    return folder.string();
}

void HostServices::notify(std::string_view text) noexcept {
    try {
        store_notice(text);
    } catch (const std::exception& error) {
        parts_.logger.write(LogLevel::kWarning, id_, std::string("a notice was lost: ") + error.what());
    }
}

void HostServices::store_notice(std::string_view text) {
    const json::value value = json::parse(text);
    const json::object& object = value.as_object();
    PluginStore::Notice notice;
    notice.id = text_of(object, "id");
    notice.level = text_of(object, "level") == "error" ? "error" : "warning";
    notice.title = text_of(object, "title");
    notice.text = text_of(object, "text");
    const auto* resolved = object.if_contains("resolved");
    notice.resolved = resolved != nullptr && resolved->is_bool() && resolved->get_bool();
    parts_.plugin_store.post_notice(id_, notice);
}

void HostServices::wake() noexcept {
    wake_signal_.wake();
}

}  // namespace crm::sample
