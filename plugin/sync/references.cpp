#include "sync/references.hpp"

#include <algorithm>
#include <utility>

namespace metakocka::sync {

std::vector<Translated> References::translate(const Run& run, RecordKind kind,
                                              const std::vector<ErpRow>& rows) {
    const auto fields = schema(kind);
    const bool refers = std::any_of(fields.begin(), fields.end(), [](const FieldSpec& field) {
        return field.type == FieldType::kReference || field.type == FieldType::kLines;
    });
    CrmForm::Ids contacts;
    CrmForm::Ids products;
    if (refers) {
        const auto wanted = CrmForm::referred(rows, kind, RecordKind::kContacts);
        contacts = form_.known(RecordKind::kContacts, wanted);
        bring_contacts(run, wanted, contacts);
        products = form_.known(RecordKind::kProducts, CrmForm::referred(rows, kind, RecordKind::kProducts));
    }
    std::vector<Translated> result;
    result.reserve(rows.size());
    for (const auto& row : rows) {
        Translated translated{{}, row.problem};
        if (refers && row.problem.empty()) translated.crm = row.record;
        for (std::size_t i = 0; refers && translated.problem.empty() && i < fields.size(); ++i) {
            Value& value = translated.crm->values[i];
            if (!value) continue;
            if (fields[i].type == FieldType::kLines) value = form_.lines(*value, products);
            if (fields[i].type != FieldType::kReference) continue;
            const CrmForm::Ids& ids = fields[i].target == RecordKind::kContacts ? contacts : products;
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

std::vector<ErpRow> References::partners_with(const std::string& id) {
    try {
        return ports_.erp.partners(PartnerKey::kId, id);
    } catch (const ErpError& error) {
        if (error.error_class() != ErpErrorClass::kRecord && error.error_class() != ErpErrorClass::kNotFound)
            throw;
        return {};  // the record that refers to it waits
    }
}

void References::bring_contacts(const Run& run, const std::vector<std::string>& wanted,
                                CrmForm::Ids& contacts) {
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

}  // namespace metakocka::sync
