// What the module remembers: links, bases, runs, journal, history, quarantine. Implemented by store/.
// Every call is one transaction unless it says otherwise; a call that throws changed nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/record.hpp"
#include "sync/clock.hpp"
#include "sync/run_types.hpp"

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

// All that one page of a run changed; committed together with the run's progress.
struct Batch {
    std::vector<LinkChange> links;
    std::vector<HistoryEntry> history;
    std::vector<RecordOutcome> outcomes;  // what is worth keeping: everything but unchanged
    std::vector<Quarantined> quarantine;  // added or renewed
    std::vector<std::string> released;    // erp ids that left the quarantine
};

class SyncStore {
  public:
    virtual ~SyncStore() = default;

    // One entry per id, in order; nothing where there is no link.
    virtual std::vector<std::optional<Link>> find_links(RecordKind kind,
                                                        const std::vector<std::string>& erp_ids) = 0;
    // Active links in the order of their ERP ids, after `after` ("" at first).
    virtual std::vector<Link> active_links(RecordKind kind, const std::string& after, std::size_t limit) = 0;
    // Base of one link; nothing when there is no such link.
    virtual std::optional<std::string> base(RecordKind kind, const std::string& erp_id) = 0;
    // ERP ids in quarantine now.
    virtual std::vector<Quarantined> quarantine(RecordKind kind) = 0;

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
