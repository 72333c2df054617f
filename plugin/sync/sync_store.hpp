// What the module remembers: links, bases, runs, journal, history, quarantine. Implemented by store/.
// Every call is one transaction unless it says otherwise; a call that throws changed nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/record.hpp"
#include "sync/clock.hpp"
#include "sync/conflict.hpp"
#include "sync/run_types.hpp"
#include "sync/side.hpp"

namespace metakocka::sync {

struct Link {
    std::string erp_id;
    std::string crm_id;
    Fingerprint fingerprint{};
    bool active = true;
    // The interval in which the ERP's record last changed: last seen with the old values, first seen with the
    // new ones (design.md §5, "Time"). Unknown is 0.
    Instant unchanged_at = 0;
    Instant changed_at = 0;
};

struct LinkChange {
    Link link;
    std::string base;  // encode_record of what both sides agree on
};

struct HistoryEntry {
    std::string crm_id;
    std::string erp_id;
    std::string field;
    Value before;
    Value after;
    Side side = Side::kCrm;  // whose value was replaced
};

struct RecordOutcome {
    std::string erp_id;
    std::string crm_id;  // "" when there is none yet
    Bucket bucket{};
    std::string reason;  // of quarantined, conflicts, deactivated
};

struct Quarantined {
    std::string erp_id;
    std::string reason;
    Instant since = 0;
    std::uint32_t tries = 0;
};

// A write that is about to be sent, recorded before.
struct Intent {
    Side side = Side::kErp;
    std::string crm_id;
    std::string erp_id;  // "" when the record is to be added
    std::string before;  // encode_record of what it replaces; "" when the record is to be added
    std::string wanted;  // encode_record
    Instant since = 0;
    std::string run_id;
};

// What was written to the ERP, for the audit trail.
struct ErpWrite {
    std::string erp_id;
    std::string crm_id;
    std::string operation;            // "add", "update", "deactivate"
    std::string allowed_by;           // the setting, e.g. "direction.contacts=bidirectional"
    std::vector<std::string> fields;  // names, never values
};

// All that one page of a run changed; committed together with the run's progress.
struct Batch {
    std::vector<LinkChange> links;
    std::vector<HistoryEntry> history;
    std::vector<RecordOutcome> outcomes;    // what is worth keeping: everything but unchanged
    std::vector<Quarantined> quarantine;    // added or renewed
    std::vector<std::string> released;      // erp ids that left the quarantine
    std::vector<Conflict> conflicts = {};   // new, or with other values than before
    std::vector<std::string> agreed = {};   // CRM ids that are in conflict no more
    std::vector<std::string> settled = {};  // CRM ids whose intent is carried out or given up
    std::vector<ErpWrite> erp_writes = {};

    bool empty() const {
        return links.empty() && history.empty() && outcomes.empty() && quarantine.empty() &&
               released.empty() && conflicts.empty() && agreed.empty() && settled.empty() &&
               erp_writes.empty();
    }
};

class SyncStore {
  public:
    virtual ~SyncStore() = default;

    // One entry per id, in order; nothing where there is no link.
    virtual std::vector<std::optional<Link>> find_links(RecordKind kind,
                                                        const std::vector<std::string>& erp_ids) = 0;
    // The same by the CRM's ids; an id of the ERP has at most one link, and so has an id of the CRM.
    virtual std::vector<std::optional<Link>> find_links_by_crm(RecordKind kind,
                                                               const std::vector<std::string>& crm_ids) = 0;
    // Active links in the order of their ERP ids, after `after` ("" at first).
    virtual std::vector<Link> active_links(RecordKind kind, const std::string& after, std::size_t limit) = 0;
    // Base of one link; nothing when there is no such link.
    virtual std::optional<std::string> base(RecordKind kind, const std::string& erp_id) = 0;
    // ERP ids in quarantine now.
    virtual std::vector<Quarantined> quarantine(RecordKind kind) = 0;

    // In the order they were recorded.
    virtual std::vector<Intent> intents(RecordKind kind) = 0;
    // Durable when it returns, also through a power cut: the writes they announce can't be taken back.
    virtual void put_intents(RecordKind kind, const std::vector<Intent>& intents) = 0;
    // Records in conflict now.
    virtual std::vector<Conflict> conflicts(RecordKind kind) = 0;

    // Writes links of another kind than the run's own: records that it had to bring along.
    virtual void commit_links(RecordKind kind, const std::vector<LinkChange>& links) = 0;

    // Writes the batch and the run's counts, progress and checkpoint.
    virtual void commit(const Run& run, const Batch& batch) = 0;
    // Writes the run's own record only.
    virtual void save_run(const Run& run) = 0;

    // Small facts a kind keeps between its runs (time of the last full sweep, position of the refresh).
    virtual std::optional<std::string> memo(RecordKind kind, const std::string& name) = 0;
    virtual void put_memo(RecordKind kind, const std::string& name, const std::string& value) = 0;
};

}  // namespace metakocka::sync
