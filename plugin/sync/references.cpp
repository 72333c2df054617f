#include "sync/references.hpp"

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

// Ids that the rows refer to, each once.
std::vector<std::string> referred(const std::vector<ErpRow>& rows, RecordKind kind, RecordKind target) {
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

}  // namespace

std::vector<Translated> References::translate(const Run& run, RecordKind kind,
                                              const std::vector<ErpRow>& rows) {
    const auto fields = schema(kind);
    const bool refers = std::any_of(fields.begin(), fields.end(), [](const FieldSpec& field) {
        return field.type == FieldType::kReference || field.type == FieldType::kLines;
    });
    Ids contacts;
    Ids products;
    if (refers) {
        const auto wanted = referred(rows, kind, RecordKind::kContacts);
        contacts = known(RecordKind::kContacts, wanted);
        bring_contacts(run, wanted, contacts);
        products = known(RecordKind::kProducts, referred(rows, kind, RecordKind::kProducts));
    }
    std::vector<Translated> result;
    result.reserve(rows.size());
    for (const auto& row : rows) {
        Translated translated{{}, row.problem};
        if (refers && row.problem.empty()) translated.crm = row.record;
        for (std::size_t i = 0; refers && translated.problem.empty() && i < fields.size(); ++i) {
            Value& value = translated.crm->values[i];
            if (!value) continue;
            if (fields[i].type == FieldType::kLines) value = translate_lines(*value, products);
            if (fields[i].type != FieldType::kReference) continue;
            const Ids& ids = fields[i].target == RecordKind::kContacts ? contacts : products;
            if (const auto it = ids.find(*value); it != ids.end()) {
                value = it->second;
            } else {
                translated.problem = std::string(fields[i].name) + ": waits for " + *value + " of " +
                                     std::string(to_text(fields[i].target)) +
                                     ", which is not in the CRM yet; it is tried again at every run";
            }
        }
        result.push_back(std::move(translated));
    }
    return result;
}

References::Ids References::known(RecordKind kind, const std::vector<std::string>& erp_ids) {
    Ids ids;
    if (erp_ids.empty()) return ids;
    const auto links = ports_.store.find_links(kind, erp_ids);
    for (std::size_t i = 0; i < erp_ids.size(); ++i) {
        if (links[i]) ids.emplace(erp_ids[i], links[i]->crm_id);
    }
    return ids;
}

std::vector<ErpRow> References::partners_with(const std::string& id) {
    try {
        return ports_.erp.partners(PartnerKey::kId, id);
    } catch (const ErpError& error) {
        if (error.error_class() != ErpErrorClass::kRecord && error.error_class() != ErpErrorClass::kNotFound)
            throw;
        return {};  // the record that refers to it waits
    }
}

void References::bring_contacts(const Run& run, const std::vector<std::string>& wanted, Ids& contacts) {
    std::vector<CrmWrite> writes;
    std::vector<Record> brought;
    for (const auto& id : wanted) {
        if (contacts.contains(id)) continue;
        for (auto& row : partners_with(id)) {
            if (row.record.erp_id != id || !row.problem.empty()) continue;
            Match match = contact_matcher_.find(row.record);
            if (!match.ambiguity.empty()) continue;  // the contacts' own run tells people
            if (match.crm_id) contact_matcher_.taken(*match.crm_id);
            writes.push_back({.external_id = id, .link_to = std::move(match.crm_id), .record = row.record});
            brought.push_back(std::move(row.record));
            break;
        }
    }
    if (writes.empty()) return;
    const auto written = ports_.crm.upsert(RecordKind::kContacts, writes);
    std::vector<LinkChange> links;
    for (std::size_t i = 0; i < written.size(); ++i) {
        if (written[i].outcome == WriteOutcome::kRefused) continue;
        contacts.emplace(brought[i].erp_id, written[i].id);
        links.push_back({.link = {.erp_id = brought[i].erp_id,
                                  .crm_id = written[i].id,
                                  .fingerprint = ports_.fingerprint(brought[i]),
                                  .active = brought[i].active,
                                  .unchanged_at = 0,
                                  .changed_at = ports_.clock.now()},
                         .base = encode_record(brought[i])});
    }
    ports_.store.commit_links(RecordKind::kContacts, links);
    ports_.log.note(LogLevel::kInfo, run, "create",
                    std::to_string(links.size()) + " contacts brought along for records that refer to them");
}

// Lines of the ERP leave out what the product says already (design.md §8: "from the line, else from the
// product").
std::string References::translate_lines(const std::string& lines, const Ids& products) {
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

const Record* References::product_base(const std::string& erp_id) {
    auto it = product_bases_.find(erp_id);
    if (it == product_bases_.end()) {
        constexpr std::size_t kRemembered = 2000;  // bounds memory over many invoices
        if (product_bases_.size() >= kRemembered) product_bases_.clear();
        std::optional<Record> base;
        if (const auto text = ports_.store.base(RecordKind::kProducts, erp_id)) {
            base = decode_record(RecordKind::kProducts, erp_id, *text);
        }
        it = product_bases_.emplace(erp_id, std::move(base)).first;
    }
    return it->second ? &*it->second : nullptr;
}

}  // namespace metakocka::sync
