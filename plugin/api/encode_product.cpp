#include <string>

#include "api/encode.hpp"
#include "model/fields.hpp"
#include "sync/erp_limits.hpp"

namespace metakocka::api {
namespace {

namespace json = boost::json;
using F = fields::Product;

struct Member {
    std::size_t field;
    const char* name;
};
constexpr Member kMembers[] = {{F::kCode, "code"},
                               {F::kName, "name"},
                               {F::kDescription, "name_desc"},
                               {F::kUnit, "unit"},
                               {F::kBarcode, "barcode"},
                               {F::kWeight, "weight"},
                               {F::kSellable, "sales"},
                               {F::kPurchasable, "purchasing"},
                               {F::kService, "service"}};

}  // namespace

json::object encode_new_product(const Record& wanted) {
    json::object body;
    for (const auto& [field, name] : kMembers) {
        if (const Value& value = wanted.values[field]) body[name] = *value;
    }
    if (const Value& code = wanted.values[F::kCode]) body["count_code"] = *code;
    if (!wanted.active) body["activated"] = "false";
    return body;
}

json::object encode_product_change(const Record& expected, const Record& wanted) {
    const std::vector<bool> clearable = sync::erp_abilities(RecordKind::kProducts).clearable;
    json::object body;
    for (const auto& [field, name] : kMembers) {
        const Value& value = wanted.values[field];
        if (value == expected.values[field]) continue;
        if (value) {
            body[name] = *value;
        } else if (clearable[field]) {
            body[name] = json::string_view(sync::kRemoveMarker.data(), sync::kRemoveMarker.size());
        }
    }
    if (wanted.active != expected.active) body["activated"] = wanted.active ? "true" : "false";
    if (!body.empty()) body["mk_id"] = expected.erp_id;
    return body;
}

}  // namespace metakocka::api
