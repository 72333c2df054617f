#include "records/records_service.hpp"

#include <boost/json/array.hpp>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parse.hpp>

#include "crm/error.hpp"
#include "records/change_feed.hpp"
#include "records/record_input.hpp"
#include "records/record_reader.hpp"
#include "records/record_writer.hpp"
#include "util/json_text.hpp"
#include "util/time_text.hpp"

namespace crm::sample {
namespace {

namespace json = boost::json;

constexpr std::size_t kMaxItems = 1000;
constexpr std::size_t kMaxExternalId = 255;

[[noreturn]] void invalid(const std::string& text) {
    throw Error(CRM_INVALID, text);
}

json::object parse_object(std::string_view text, json::storage_ptr storage) {
    json::error_code error;
    json::value value = json::parse(text, error, std::move(storage));
    if (error) invalid("the request is not JSON: " + error.message());
    if (!value.is_object()) invalid("the request must be an object");
    return std::move(value.as_object());
}

const Kind& kind_of(const json::object& request) {
    const auto* name = request.if_contains("kind");
    const Kind* kind = name != nullptr && name->is_string() ? find_kind(name->get_string()) : nullptr;
    if (kind == nullptr) invalid("kind must be contacts, products, invoices or inventory");
    return *kind;
}

std::vector<std::string> texts_of(const json::value& value, const char* name) {
    const auto* array = value.if_array();
    if (array == nullptr || array->size() > kMaxItems)
        invalid(std::string(name) + " must be at most 1000 texts");
    std::vector<std::string> out;
    for (const auto& item : *array) {
        if (!item.is_string()) invalid(std::string(name) + " must hold texts");
        out.emplace_back(item.get_string());
    }
    return out;
}

bool flag_of(const json::value& value, const char* name) {
    if (!value.is_bool()) invalid(std::string(name) + " must be true or false");
    return value.get_bool();
}

std::int64_t limit_of(const json::object& request) {
    constexpr auto kMax = static_cast<std::int64_t>(kMaxItems);
    const auto* limit = request.if_contains("limit");
    if (limit == nullptr) return kMax;
    if (!limit->is_int64() || limit->get_int64() < 1 || limit->get_int64() > kMax) {
        invalid("limit must be 1 to 1000");
    }
    return limit->get_int64();
}

// False when the filter can't match anything.
bool read_filter(const json::object& request, ListFilter& filter) {
    filter.limit = limit_of(request);
    if (const auto* after = request.if_contains("after"); after != nullptr && !after->is_null()) {
        filter.after = after->is_string() ? parse_id(after->get_string()) : -1;
        if (filter.after < 0) invalid("after must be what the last answer gave as next");
    }
    if (const auto* active = request.if_contains("active")) filter.active = flag_of(*active, "active");
    if (const auto* unlinked = request.if_contains("unlinked"))
        filter.unlinked = flag_of(*unlinked, "unlinked");
    if (const auto* ids = request.if_contains("ids")) {
        for (const std::string& text : texts_of(*ids, "ids")) {
            const std::int64_t id = parse_id(text);
            if (id > 0) filter.ids.push_back(id);
        }
        if (filter.ids.empty()) return false;
    }
    if (const auto* ids = request.if_contains("externalIds")) {
        filter.external_ids = texts_of(*ids, "externalIds");
        if (filter.external_ids.empty()) return false;
    }
    return true;
}

// Writes one item after the other; what is wrong with one stays with that one.
class BatchUpsert {
  public:
    BatchUpsert(Connection& connection, const Kind& kind, const std::string& connector)
        : kind_(kind), writer_(connection, kind, connector_origin(connector), connector, now_us()) {}

    void add(std::string& out, const json::value& item) {
        arena_.clear();
        errors_.clear();
        ReadContext context{arena_, writer_, errors_};
        const auto* object = item.if_object();
        const WriteResult result =
            object != nullptr ? write(*object, context) : refuse("", "must be an object");
        if (!errors_.empty()) {
            std::string text;
            for (const InputError& error : errors_) {
                if (!text.empty()) text += "; ";
                text += error.path.empty() ? error.message : error.path + ": " + error.message;
            }
            out += "{\"error\":" + json_string(text) + "}";
            return;
        }
        if (conflict_) {
            append_conflict(out);
            return;
        }
        out += "{\"id\":\"" + std::to_string(result.id) + "\",\"outcome\":";
        out += created_ ? "\"created\"" : result.changed ? "\"updated\"" : "\"unchanged\"";
        out +=
            ",\"previous\":" + result.previous + ",\"updatedAt\":\"" + to_rfc3339(result.updated_at) + "\"}";
    }

  private:
    WriteResult refuse(std::string path, std::string message) {
        errors_.push_back({std::move(path), std::move(message)});
        return {};
    }

    // A record that a guarded item found otherwise than its connector had read it; id 0 when it is gone.
    struct Conflict {
        std::int64_t id = 0;
        std::int64_t updated_at = 0;
    };

    void append_conflict(std::string& out) const {
        out += "{\"conflict\":true,\"id\":";
        out += conflict_->id == 0 ? "null" : '"' + std::to_string(conflict_->id) + '"';
        out += ",\"updatedAt\":";
        out += conflict_->id == 0 ? "null" : '"' + to_rfc3339(conflict_->updated_at) + '"';
        out.push_back('}');
    }

    // Keeps the conflict when the item says when its record was last changed, and that is not so.
    void check_guard(const json::value& guard, std::int64_t target) {
        const auto updated_at = target != 0 ? writer_.updated_at(target) : std::nullopt;
        if (updated_at && guard.get_string() == to_rfc3339(*updated_at)) return;
        conflict_ = updated_at ? Conflict{target, *updated_at} : Conflict{};
    }

    WriteResult write(const json::object& item, ReadContext& context) {
        created_ = false;
        conflict_.reset();
        const auto* external = item.if_contains("externalId");
        if (external == nullptr || !external->is_string() || external->get_string().empty() ||
            external->get_string().size() > kMaxExternalId) {
            return refuse("externalId", "must be a text of 1 to 255 bytes");
        }
        const std::string_view external_id = external->get_string();
        const auto* fields = item.if_contains("fields");
        if (fields == nullptr || !fields->is_object()) return refuse("fields", "must be an object");
        const auto* guard = item.if_contains("ifUpdatedAt");
        if (guard != nullptr && guard->is_null()) guard = nullptr;
        if (guard != nullptr && !guard->is_string()) return refuse("ifUpdatedAt", "must be a text");
        RecordInput input = read_input(kind_, fields->get_object(), context, {});

        const std::int64_t linked = writer_.find_linked(external_id);
        std::int64_t target = linked;
        if (const auto* id = item.if_contains("id"); id != nullptr && !id->is_null()) {
            target = target_of(*id, linked, external_id, guard != nullptr);
        }
        if (!errors_.empty()) return {};
        if (guard != nullptr) check_guard(*guard, target);
        if (conflict_) return {};
        // Only a record that is not linked yet needs its link written.
        if (linked == 0) input.external_id = external_id;
        if (target != 0) return writer_.update(target, input);
        created_ = true;
        return writer_.create(input);
    }

    // The existing record the item names, checked against both links there may already be. A guarded item's
    // may be gone: that is its conflict, and 0 here.
    std::int64_t target_of(const json::value& id, std::int64_t linked, std::string_view external_id,
                           bool guarded) {
        const std::int64_t target = id.is_string() ? parse_id(id.get_string()) : -1;
        if (target < 0 || !writer_.exists(kind_.name, target)) {
            if (target > 0 && guarded) return 0;
            refuse("id", "no such record");
            return 0;
        }
        if (linked != 0 && linked != target) {
            refuse("externalId", "already belongs to record " + std::to_string(linked));
            return 0;
        }
        const auto other = writer_.external_id_of(target);
        if (other && *other != external_id) refuse("id", "this record already belongs to " + *other);
        return target;
    }

    const Kind& kind_;
    RecordWriter writer_;
    Arena arena_;
    std::vector<InputError> errors_;
    bool created_ = false;
    std::optional<Conflict> conflict_;
};

}  // namespace

std::string RecordsService::query(std::string_view request) {
    const json::object object = parse_object(request, {});
    const Kind& kind = kind_of(object);
    ListFilter filter;
    filter.system = connector_;
    if (!read_filter(object, filter)) return R"({"items":[],"next":null})";
    const Reader reader(database_);
    return list_records(*reader, kind, filter, &write_service_record);
}

std::string RecordsService::changes(std::string_view request) {
    const json::object object = parse_object(request, {});
    const Kind& kind = kind_of(object);
    const std::int64_t limit = limit_of(object);
    std::optional<std::string> after;
    if (const auto* cursor = object.if_contains("after"); cursor != nullptr && !cursor->is_null()) {
        if (!cursor->is_string()) invalid("after must be what the last answer gave as next, or null");
        after.emplace(cursor->get_string());
    }
    const Reader reader(database_);
    return list_changes(*reader, kind, connector_, after, limit);
}

std::string RecordsService::upsert(std::string_view request) {
    json::monotonic_resource memory(request.size() * 2 + 4096);
    const json::object object = parse_object(request, &memory);
    const Kind& kind = kind_of(object);
    const auto* items = object.if_contains("items");
    if (items == nullptr || !items->is_array()) invalid("items must be an array");
    if (items->get_array().size() > kMaxItems) invalid("items must be at most 1000");

    std::string out = "{\"items\":[";
    Transaction transaction(database_);
    BatchUpsert batch(*transaction, kind, connector_);
    bool first = true;
    for (const auto& item : items->get_array()) {
        if (!first) out.push_back(',');
        first = false;
        batch.add(out, item);
    }
    transaction.commit();
    out += "]}";
    return out;
}

}  // namespace crm::sample
