// Runs as people ask for them: lists, one run's records, a record's history, counts.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "store/instance.hpp"
#include "store/page.hpp"
#include "sync/run_types.hpp"
#include "sync/sync_store.hpp"

namespace metakocka::store {

struct FieldChange {
    std::string field;
    Value before;
    Value after;
    sync::Side side = sync::Side::kCrm;  // whose value was replaced
};

struct RunRecord {
    sync::RecordOutcome outcome;
    std::vector<FieldChange> changes;
};

struct HistoryItem {
    sync::Instant at = 0;
    std::string run_id;
    sync::HistoryEntry entry;
};

struct KindCounts {
    std::uint64_t linked = 0;    // links of active records
    std::uint64_t inactive = 0;  // links of deactivated ones
    std::uint64_t quarantined = 0;
    std::uint64_t conflicts = 0;
};

// [any-thread] Cursors that are no cursor throw StoreError(kInput).
class RunLog {
  public:
    explicit RunLog(std::shared_ptr<Instance> instance) : instance_(std::move(instance)) {}

    // An id for a new run; rises with time.
    std::string new_id() { return instance_->new_id(); }
    // Inserts or replaces the run's own record, like Store::save_run.
    void save(const sync::Run& run);

    std::optional<sync::Run> get(const std::string& id);
    // Newest first; `before` is a run id or a cursor ("" at first).
    Page<sync::Run> list(std::optional<RecordKind> kind, const std::string& before, std::size_t limit);
    std::optional<sync::Run> latest(RecordKind kind);
    // Queued and running ones, oldest first: what a restart goes on with.
    std::vector<sync::Run> unfinished();

    // Grouped by bucket, in each in the order of judging. `after` is a cursor ("" at first).
    Page<RunRecord> records(const std::string& run_id, std::optional<sync::Bucket> bucket,
                            const std::string& after, std::size_t limit);
    // Replaced values of one CRM record, newest first.
    Page<HistoryItem> history(RecordKind kind, const std::string& crm_id, const std::string& before,
                              std::size_t limit);

    KindCounts counts(RecordKind kind);
    // Deletes finished runs queued before `time`, with their records but not the history. How many.
    std::uint64_t prune(sync::Instant time);

  private:
    std::shared_ptr<Instance> instance_;
};

}  // namespace metakocka::store
