#include "instance/host_records.hpp"

#include <algorithm>
#include <map>
#include <stdexcept>
#include <utility>

#include <boost/json.hpp>

#include "routes/rendering.hpp"

namespace metakocka {

namespace {

namespace json = boost::json;

constexpr std::string_view kById = "ids";
constexpr std::string_view kByExternalId = "externalIds";

Value text_or_null(const json::value& value) {
    if (value.is_null()) return std::nullopt;
    if (value.is_string()) return std::string(value.as_string());
    return json::serialize(value);  // flags are "true" and "false", lines are JSON text
}

std::string text_at(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

bool flag_at(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    return value != nullptr && value->is_bool() && value->get_bool();
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
    if (flag_at(item, "conflict")) {
        result.outcome = sync::WriteOutcome::kConflict;
        result.id = text_at(item, "id");
        result.updated_at = text_at(item, "updatedAt");
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

// One record that can't be read must not keep the others from being synced.
sync::CrmRow row_of(RecordKind kind, const json::object& item) {
    sync::CrmRow row;
    row.id = text_at(item, "id");
    row.updated_at = text_at(item, "updatedAt");
    if (const auto* external = item.if_contains("externalId"); external != nullptr && external->is_string()) {
        row.external_id = text_at(item, "externalId");
    }
    row.record = Record(kind, row.external_id.value_or(""));
    const auto* fields = item.if_contains("fields");
    if (fields == nullptr || !fields->is_object()) {
        row.problem = "the CRM gave no fields";
    } else {
        try {
            row.record = from_fields(kind, row.record.erp_id, fields->as_object());
        } catch (const std::invalid_argument& unreadable) {
            row.problem = unreadable.what();
        }
    }
    row.record.active = flag_at(item, "active");
    return row;
}

sync::CrmChange change_of(RecordKind kind, const json::object& item) {
    sync::CrmChange change;
    change.deleted = flag_at(item, "deleted");
    change.changed_at = routes::parse_time(text_at(item, "changedAt")).value_or(0);
    sync::CrmRow row = row_of(kind, item);
    change.id = std::move(row.id);
    change.external_id = std::move(row.external_id);
    change.updated_at = std::move(row.updated_at);
    change.record = std::move(row.record);
    if (!change.deleted) change.problem = std::move(row.problem);
    return change;
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
        if (write.if_updated_at) item["ifUpdatedAt"] = *write.if_updated_at;
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
    for (const auto& item : items_of(answer)) page.rows.push_back(row_of(kind, item.as_object()));
    if (std::string next = text_at(answer.as_object(), "next"); !next.empty()) page.next = std::move(next);
    return page;
}

std::vector<std::optional<sync::CrmRow>> HostRecords::rows(RecordKind kind,
                                                           const std::vector<std::string>& external_ids) {
    return find(kind, kByExternalId, external_ids);
}

std::vector<std::optional<sync::CrmRow>> HostRecords::rows_by_id(RecordKind kind,
                                                                 const std::vector<std::string>& ids) {
    return find(kind, kById, ids);
}

std::vector<std::optional<sync::CrmRow>> HostRecords::find(RecordKind kind, std::string_view asked_by,
                                                           const std::vector<std::string>& ids) {
    constexpr std::size_t kAtOnce = 1000;  // what the boundary allows
    std::map<std::string, sync::CrmRow> found;
    for (std::size_t from = 0; from < ids.size(); from += kAtOnce) {
        json::array asked;
        for (std::size_t i = from; i < std::min(from + kAtOnce, ids.size()); ++i) asked.emplace_back(ids[i]);
        const json::object request{{"kind", to_text(kind)}, {asked_by, asked}, {"limit", kAtOnce}};
        const json::value answer = json::parse(host_.query_records(json::serialize(request)));
        for (const auto& item : items_of(answer)) {
            sync::CrmRow row = row_of(kind, item.as_object());
            std::string key = asked_by == kById ? row.id : row.external_id.value_or("");
            found.insert_or_assign(std::move(key), std::move(row));
        }
    }
    std::vector<std::optional<sync::CrmRow>> result;
    result.reserve(ids.size());
    for (const auto& id : ids) {
        const auto it = found.find(id);
        result.push_back(it == found.end() ? std::nullopt : std::optional(it->second));
    }
    return result;
}

std::optional<sync::CrmChanges> HostRecords::changes(RecordKind kind, const std::optional<std::string>& after,
                                                     std::size_t limit) {
    json::object request{{"kind", to_text(kind)}, {"after", nullptr}, {"limit", limit}};
    if (after) request["after"] = *after;
    json::value answer;
    try {
        answer = json::parse(host_.changed_records(json::serialize(request)));
    } catch (const crm::Error& failure) {
        if (failure.code() == CRM_UNSUPPORTED) return std::nullopt;
        if (failure.code() == CRM_CONFLICT) throw sync::CursorUnknown(failure.what());
        throw;
    }
    sync::CrmChanges changes;
    for (const auto& item : items_of(answer)) changes.items.push_back(change_of(kind, item.as_object()));
    changes.next = text_at(answer.as_object(), "next");
    // Without a cursor the same would be told for ever, or everything again.
    if (changes.next.empty()) throw crm::Error(CRM_INTERNAL, "the CRM's answer holds no cursor \"next\"");
    changes.more = flag_at(answer.as_object(), "more");
    return changes;
}

}  // namespace metakocka
