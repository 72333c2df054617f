// Brings rows of the ERP into the CRM: compares each with its link, writes what is new or changed, keeps
// aside what can't be written, and says what to commit.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "sync/matcher.hpp"
#include "sync/ports.hpp"
#include "sync/references.hpp"

namespace metakocka::sync {

class Applier {
  public:
    // With `verify` every row is offered to the CRM, so that what was changed there by hand is put right;
    // without, only rows that changed in the ERP.
    Applier(Ports ports, RecordKind kind, bool verify);

    // Judges every row, counts it in run.counts once, and answers what has to be committed with the run.
    // Rows without a change cost nothing but the comparison.
    Batch apply(Run& run, std::vector<ErpRow> rows);

    // Sets the records inactive in the CRM and answers what to commit.
    Batch deactivate(Run& run, const std::vector<Record>& gone);

  private:
    struct Change {
        Record erp;      // as the ERP has it, references by ERP id
        CrmWrite write;  // as the CRM gets it
        Fingerprint fingerprint{};
        std::optional<Link> link;
    };

    void quarantine(Run& run, Batch& batch, const std::string& erp_id, const std::string& crm_id,
                    const std::string& reason);
    void release(Batch& batch, const std::string& erp_id);
    void write_changes(Run& run, Batch& batch, std::vector<Change>& changes);
    void take_outcome(Run& run, Batch& batch, const Change& change, const CrmWritten& written);

    Ports ports_;
    RecordKind kind_;
    References references_;
    std::map<std::string, Quarantined> quarantined_;
    Matcher matcher_;
    bool verify_;
    Instant seen_before_;  // start of the last run that read everything
};

}  // namespace metakocka::sync
