// Both directions: plans each record from what both sides have and carries the plan out, in the CRM at once
// and in the ERP one record at a time.
#pragma once

#include <deque>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "sync/applier.hpp"
#include "sync/bookkeeping.hpp"
#include "sync/crm_feed.hpp"
#include "sync/erp_writer.hpp"
#include "sync/guard.hpp"
#include "sync/matcher.hpp"
#include "sync/subject.hpp"

namespace metakocka::sync {

struct TwoWayOptions {
    PlanPolicy policy;
    std::string allowed_by;          // the setting that lets the ERP be written, for the audit trail
    bool write_protected = false;    // by the setting, so that the ERP takes nothing
    DeleteGuard guard;               // also of what is deactivated in the ERP
    bool verify = false;             // compare every record of both sides
    bool only_read = false;          // of the CRM's changes, leave those for later that were not read here
    std::uint64_t active_links = 0;  // what the guard's percentage counts
};

// For kinds whose records refer to no others.
class TwoWayApplier final : public Applier {
  public:
    TwoWayApplier(Ports ports, RecordKind kind, TwoWayOptions options);

    std::optional<Batch> prepare(Run& run) override;
    Batch apply(Run& run, std::vector<ErpRow> rows) override;
    Batch deactivate(Run& run, const std::vector<Record>& gone) override;
    std::optional<Batch> push(Run& run) override;
    void finished(const Run& run) override;

  private:
    struct Planned {
        Subject subject;
        Plan plan;
    };

    bool to_be_judged(const Link& link, const Fingerprint& fingerprint) const;
    PlanPolicy policy_for(const Subject& subject) const;
    void match(Run& run, Batch& batch, std::vector<Subject>& subjects);
    void fetch_crm(Batch& batch, std::vector<Subject>& subjects);
    void adopt(Batch& batch, Subject& subject);
    // Plans each; what only concerns the CRM is carried out, what concerns the ERP waits for push().
    void judge(Run& run, Batch& batch, std::vector<Subject> subjects);
    // What is replaced in the CRM must be in the history even after a crash.
    void announce(const Run& run, std::vector<Planned>& changes);
    void write_crm(Run& run, Batch& batch, std::vector<Planned>& changes);
    std::string why_excluded(const Subject& subject) const;
    void settle(Run& run, Batch& batch, const Subject& subject, const Plan& plan, Bucket bucket);
    void keep_for_later(Run& run, Batch& batch, const Subject& subject, const std::string& reason);
    void note_conflict(Batch& batch, const Subject& subject, const Plan& plan);
    Subject load(const std::string& crm_id);
    void write_erp(Run& run, Batch& batch, Subject subject, const Plan& plan);
    bool too_many_deletions() const;

    Ports ports_;
    RecordKind kind_;
    TwoWayOptions options_;
    Bookkeeping books_;
    Matcher matcher_;
    CrmFeed feed_;
    Intents intents_;
    ErpWriter writer_;
    std::map<std::string, Conflict> conflicts_;  // by CRM id
    std::deque<Subject> waiting_;                // for the ERP
    std::size_t untold_deletions_ = 0;           // in the CRM, noticed by comparing and not by its feed
    Instant seen_before_;
};

}  // namespace metakocka::sync
