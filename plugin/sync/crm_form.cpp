#include "sync/crm_form.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include <boost/json.hpp>

namespace metakocka::sync {

namespace {

namespace json = boost::json;

std::optional<std::string> text_of(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    if (value == nullptr || !value->is_string()) return std::nullopt;
    return std::string(value->as_string());
}

}  // namespace

std::vector<std::string> CrmForm::referred(const std::vector<ErpRow>& rows, RecordKind kind,
                                           RecordKind target) {
    std::set<std::string> ids;
    const auto fields = schema(kind);
    for (const auto& row : rows) {
        if (!row.problem.empty()) continue;
        for (std::size_t i = 0; i < fields.size(); ++i) {
            const Value& value = row.record.values[i];
            if (!value) continue;
            if (fields[i].type == FieldType::kReference && fields[i].target == target) ids.insert(*value);
            if (fields[i].type == FieldType::kLines && target == RecordKind::kProducts) {
                const json::value lines = json::parse(*value);
                for (const auto& line : lines.as_array()) {
                    if (auto id = text_of(line.as_object(), "productId")) ids.insert(std::move(*id));
                }
            }
        }
    }
    return {ids.begin(), ids.end()};
}

CrmForm::Ids CrmForm::known(RecordKind kind, const std::vector<std::string>& erp_ids) {
    Ids ids;
    if (erp_ids.empty()) return ids;
    const auto links = store_.find_links(kind, erp_ids);
    for (std::size_t i = 0; i < erp_ids.size(); ++i) {
        if (links[i]) ids.emplace(erp_ids[i], links[i]->crm_id);
    }
    return ids;
}

// Lines of the ERP leave out what the product says already (design.md §8: "from the line, else from the
// product").
std::string CrmForm::lines(const std::string& lines, const Ids& products) {
    json::value value = json::parse(lines);
    for (auto& line : value.as_array()) {
        auto& object = line.as_object();
        const auto id = text_of(object, "productId");
        if (!id) continue;
        const auto it = products.find(*id);
        object["productId"] = it == products.end() ? json::value(nullptr) : json::value(it->second);
        for (const std::string_view field : {"code", "name", "unit"}) {
            if (text_of(object, field)) continue;
            const Record* product = product_base(*id);
            if (product != nullptr && product->at(field)) object[field] = *product->at(field);
        }
    }
    return json::serialize(value);
}

const Record* CrmForm::product_base(const std::string& erp_id) {
    auto it = product_bases_.find(erp_id);
    if (it == product_bases_.end()) {
        constexpr std::size_t kRemembered = 2000;  // bounds memory over many invoices
        if (product_bases_.size() >= kRemembered) product_bases_.clear();
        std::optional<Record> base;
        if (const auto text = store_.base(RecordKind::kProducts, erp_id)) {
            base = decode_record(RecordKind::kProducts, erp_id, *text);
        }
        it = product_bases_.emplace(erp_id, std::move(base)).first;
    }
    return it->second ? &*it->second : nullptr;
}

Record CrmForm::shown(const Record& erp) {
    const std::vector<ErpRow> row{{erp, ""}};
    const Ids products = known(RecordKind::kProducts, referred(row, erp.kind, RecordKind::kProducts));
    const Ids contacts = known(RecordKind::kContacts, referred(row, erp.kind, RecordKind::kContacts));
    Record crm = erp;
    const auto fields = schema(erp.kind);
    for (std::size_t i = 0; i < fields.size(); ++i) {
        Value& value = crm.values[i];
        if (!value) continue;
        if (fields[i].type == FieldType::kLines) value = lines(*value, products);
        if (fields[i].type != FieldType::kReference) continue;
        const Ids& ids = fields[i].target == RecordKind::kContacts ? contacts : products;
        const auto it = ids.find(*value);
        value = it == ids.end() ? Value{} : Value{it->second};
    }
    return crm;
}

}  // namespace metakocka::sync
