#include "sync/subject.hpp"

#include "sync/bill_scan.hpp"
#include "sync/stock_scan.hpp"

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
    std::vector<ErpRow> rows;
    switch (kind) {
        case RecordKind::kProducts:
            return ports.erp.product(erp_id, known ? known->at("code") : Value{});
        case RecordKind::kInvoices: {
            const auto type = parse_bill_type(known ? known->at("kind").value_or("") : "");
            if (!type) return ErpRow{Record(kind, erp_id), "the stored kind of this bill is not known"};
            return ports.erp.bill(*type, erp_id);
        }
        case RecordKind::kContacts:
            rows = ports.erp.partners(PartnerKey::kId, erp_id);
            break;
        case RecordKind::kInventory:
            rows = add_up(ports.erp.stock_of({stock_product(erp_id)}));
            break;
    }
    for (auto& found : rows) {
        if (found.record.erp_id == erp_id) return std::move(found);
    }
    return std::nullopt;
}

}  // namespace metakocka::sync
