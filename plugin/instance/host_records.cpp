#include "instance/host_records.hpp"

#include <utility>

#include <boost/json.hpp>

namespace metakocka {

namespace {

namespace json = boost::json;

Value text_or_null(const json::value& value) {
    if (value.is_null()) return std::nullopt;
    if (value.is_string()) return std::string(value.as_string());
    return json::serialize(value);  // flags are "true" and "false", lines are JSON text
}

std::string text_at(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

const json::array& items_of(const json::value& answer) {
    const auto* items = answer.is_object() ? answer.as_object().if_contains("items") : nullptr;
    if (items == nullptr || !items->is_array()) {
        throw crm::Error(CRM_INTERNAL, "the CRM's answer holds no list \"items\"");
    }
    return items->as_array();
}

json::object fields_to_write(RecordKind kind, const sync::CrmWrite& write, json::storage_ptr memory) {
    if (!write.deactivate) return to_fields(write.record, std::move(memory));
    json::object fields(std::move(memory));
    fields["active"] = false;
    if (kind == RecordKind::kInventory) fields["amount"] = "0";  // design.md §8: a vanished stock row
    return fields;
}

sync::CrmWritten written(const json::object& item) {
    sync::CrmWritten result;
    if (item.contains("error")) {
        result.outcome = sync::WriteOutcome::kRefused;
        result.error = text_at(item, "error");
        return result;
    }
    const std::string outcome = text_at(item, "outcome");
    result.outcome = outcome == "created"   ? sync::WriteOutcome::kCreated
                     : outcome == "updated" ? sync::WriteOutcome::kUpdated
                                            : sync::WriteOutcome::kUnchanged;
    result.id = text_at(item, "id");
    result.updated_at = text_at(item, "updatedAt");
    if (const auto* previous = item.if_contains("previous"); previous != nullptr && previous->is_object()) {
        for (const auto& field : previous->as_object()) {
            result.previous.emplace_back(std::string(field.key()), text_or_null(field.value()));
        }
    }
    return result;
}

}  // namespace

std::vector<sync::CrmWritten> HostRecords::upsert(RecordKind kind, const std::vector<sync::CrmWrite>& batch) {
    json::monotonic_resource memory;
    json::array items(&memory);
    items.reserve(batch.size());
    for (const auto& write : batch) {
        json::object item(&memory);
        item["externalId"] = write.external_id;
        if (write.link_to) item["id"] = *write.link_to;
        item["fields"] = fields_to_write(kind, write, &memory);
        items.emplace_back(std::move(item));
    }
    json::object request(&memory);
    request["kind"] = to_text(kind);
    request["items"] = std::move(items);
    const json::value answer = json::parse(host_.upsert_records(json::serialize(request)), &memory);
    std::vector<sync::CrmWritten> result;
    result.reserve(batch.size());
    for (const auto& item : items_of(answer)) result.push_back(written(item.as_object()));
    if (result.size() != batch.size()) {
        throw crm::Error(CRM_INTERNAL, "the CRM answered " + std::to_string(result.size()) + " items to " +
                                           std::to_string(batch.size()));
    }
    return result;
}

sync::CrmPage HostRecords::unlinked(RecordKind kind, const std::string& after, std::size_t limit) {
    json::object request{{"kind", to_text(kind)}, {"unlinked", true}, {"limit", limit}};
    if (!after.empty()) request["after"] = after;
    const json::value answer = json::parse(host_.query_records(json::serialize(request)));
    sync::CrmPage page;
    for (const auto& value : items_of(answer)) {
        const auto& item = value.as_object();
        sync::CrmRow row;
        row.id = text_at(item, "id");
        row.updated_at = text_at(item, "updatedAt");
        row.record = from_fields(kind, "", item.at("fields").as_object());
        page.rows.push_back(std::move(row));
    }
    if (std::string next = text_at(answer.as_object(), "next"); !next.empty()) page.next = std::move(next);
    return page;
}

}  // namespace metakocka
