#include "records/records_service.hpp"

#include <boost/json/array.hpp>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parse.hpp>

#include "crm/error.hpp"
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

// False when the filter can't match anything.
bool read_filter(const json::object& request, ListFilter& filter) {
    filter.limit = static_cast<std::int64_t>(kMaxItems);
    if (const auto* limit = request.if_contains("limit")) {
        if (!limit->is_int64() || limit->get_int64() < 1 || limit->get_int64() > filter.limit) {
            invalid("limit must be 1 to 1000");
        }
        filter.limit = limit->get_int64();
    }
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
        : kind_(kind), writer_(connection, kind, "connector:" + connector, connector, now_us()) {}

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

    WriteResult write(const json::object& item, ReadContext& context) {
        created_ = false;
        const auto* external = item.if_contains("externalId");
        if (external == nullptr || !external->is_string() || external->get_string().empty() ||
            external->get_string().size() > kMaxExternalId) {
            return refuse("externalId", "must be a text of 1 to 255 bytes");
        }
        const std::string_view external_id = external->get_string();
        const auto* fields = item.if_contains("fields");
        if (fields == nullptr || !fields->is_object()) return refuse("fields", "must be an object");
        RecordInput input = read_input(kind_, fields->get_object(), context, {});

        const std::int64_t linked = writer_.find_linked(external_id);
        std::int64_t target = linked;
        if (const auto* id = item.if_contains("id"); id != nullptr && !id->is_null()) {
            target = target_of(*id, linked, external_id);
        }
        if (!errors_.empty()) return {};
        // Only a record that is not linked yet needs its link written.
        if (linked == 0) input.external_id = external_id;
        if (target != 0) return writer_.update(target, input);
        created_ = true;
        return writer_.create(input);
    }

    // The existing record the item names, checked against both links there may already be.
    std::int64_t target_of(const json::value& id, std::int64_t linked, std::string_view external_id) {
        const std::int64_t target = id.is_string() ? parse_id(id.get_string()) : -1;
        if (target < 0 || !writer_.exists(kind_.name, target)) {
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
