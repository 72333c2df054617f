// Metakocka → CRM: compares each row with its link and writes what is new or changed; the ERP always wins.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "sync/applier.hpp"
#include "sync/bookkeeping.hpp"
#include "sync/intents.hpp"
#include "sync/matcher.hpp"
#include "sync/ports.hpp"
#include "sync/references.hpp"

namespace metakocka::sync {

class PullApplier final : public Applier {
  public:
    // With `verify` every row is offered to the CRM, so that what was changed there by hand is put right;
    // without, only rows that changed in the ERP.
    PullApplier(Ports ports, RecordKind kind, bool verify);

    // Ends what runs in both directions left: announced writes, conflicts, records kept aside by the CRM's
    // id.
    std::optional<Batch> prepare(Run& run) override;
    // Rows without a change cost nothing but the comparison.
    Batch apply(Run& run, std::vector<ErpRow> rows) override;
    Batch deactivate(Run& run, const std::vector<Record>& gone) override;

  private:
    struct Change {
        Record erp;      // as the ERP has it, references by ERP id
        CrmWrite write;  // as the CRM gets it
        Fingerprint fingerprint{};
        std::optional<Link> link;
    };

    // What is replaced in the CRM must be in the history even after a crash. Answers the CRM ids of those
    // that are.
    std::set<std::string> announce(const Run& run, const std::vector<CrmWrite>& writes,
                                   const std::vector<std::string>& crm_ids);
    void write_changes(Run& run, Batch& batch, std::vector<Change>& changes);
    void take_outcome(Run& run, Batch& batch, const Change& change, const CrmWritten& written);

    Ports ports_;
    RecordKind kind_;
    References references_;
    Bookkeeping books_;
    Intents intents_;
    Matcher matcher_;
    bool tidied_ = false;
    bool verify_;
    Instant seen_before_;  // start of the last run that read everything
};

}  // namespace metakocka::sync
