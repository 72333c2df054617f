#include "sync/gone.hpp"

namespace metakocka::sync {

CrmWrite deactivation(const Record& base) {
    return {.external_id = base.erp_id, .link_to = {}, .record = base, .deactivate = true};
}

Record deactivated(Record record) {
    record.active = false;
    if (record.kind == RecordKind::kInventory) record.at("amount") = "0";
    return record;
}

void take_deactivated(Ports ports, Bookkeeping& books, Run& run, Batch& batch, const Record& base,
                      const CrmWritten& written, Instant seen_before) {
    const std::string& id = base.erp_id;
    if (written.outcome == WriteOutcome::kRefused) {
        books.quarantine(run, batch, id, "", "the CRM refused to deactivate it: " + written.error);
        return;
    }
    const Record now = deactivated(base);
    books.count(run, batch, id, written.id, Bucket::kDeactivated, "no longer in Metakocka");
    books.replaced(batch, id, written, now);
    books.release(batch, id);
    batch.links.push_back({.link = {.erp_id = id,
                                    .crm_id = written.id,
                                    .fingerprint = kGone,
                                    .active = false,
                                    .unchanged_at = seen_before,
                                    .changed_at = ports.clock.now()},
                           .base = encode_record(now)});
    ports.log.note(LogLevel::kInfo, run, "deactivate",
                   std::string(to_text(base.kind)) + ' ' + id +
                       " is no longer in Metakocka; it was set inactive in the CRM");
}

Instant last_full_reading(SyncStore& store, RecordKind kind) {
    const auto memo = store.memo(kind, "read_everything_at");
    return memo ? std::stoll(*memo) : 0;
}

}  // namespace metakocka::sync
