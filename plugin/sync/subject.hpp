// One thing with all that is known of it on both sides, and what the planner makes of it.
#pragma once

#include <optional>
#include <string>

#include "sync/plan.hpp"
#include "sync/ports.hpp"

namespace metakocka::sync {

struct Subject {
    std::string crm_id;  // "" when the CRM does not have it
    std::string erp_id;  // "" when the ERP does not
    std::optional<Link> link;
    std::optional<Record> base;
    std::optional<Version> erp;
    std::optional<CrmRow> crm;
    Span crm_changed;  // by a person
    // What was done with it already in this run; it is counted once, at the end.
    std::optional<Bucket> done;
    unsigned attempts = 0;

    Plan plan(const PlanPolicy& policy) const;
    // The CRM does not know yet which record of the ERP its own is.
    bool unmarked() const { return crm && !erp_id.empty() && crm->external_id != erp_id; }
};

// Asks the ERP for one record directly; `known` is what it was, as far as anyone remembers.
std::optional<ErpRow> read_from_erp(Ports ports, RecordKind kind, const std::string& erp_id,
                                    const std::optional<Record>& known);

}  // namespace metakocka::sync
