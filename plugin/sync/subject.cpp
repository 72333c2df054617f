#include "sync/subject.hpp"

namespace metakocka::sync {

Plan Subject::plan(const PlanPolicy& policy) const {
    std::optional<Version> in_crm;
    if (crm) {
        in_crm = Version{crm->record, crm_changed};
        in_crm->record.erp_id = erp_id;
    }
    return sync::plan(base ? &*base : nullptr, erp ? &*erp : nullptr, in_crm ? &*in_crm : nullptr, policy);
}

std::optional<ErpRow> read_from_erp(Ports ports, RecordKind kind, const std::string& erp_id,
                                    const std::optional<Record>& known) {
    if (kind != RecordKind::kContacts) return ports.erp.product(erp_id, known ? known->at("code") : Value{});
    for (auto& found : ports.erp.partners(PartnerKey::kId, erp_id)) {
        if (found.record.erp_id == erp_id) return std::move(found);
    }
    return std::nullopt;
}

}  // namespace metakocka::sync
