#include "sync/applier.hpp"

#include <algorithm>
#include <utility>

namespace metakocka::sync {

namespace {

// Stored in place of a deactivated record's fingerprint: it equals no record's, so that one which comes back
// is written again.
constexpr Fingerprint kGone{};

}  // namespace

Applier::Applier(Ports ports, RecordKind kind, bool verify)
    : ports_(ports), kind_(kind), references_(ports), matcher_(ports.crm, kind), verify_(verify) {
    for (auto& entry : ports_.store.quarantine(kind)) quarantined_.emplace(entry.erp_id, entry);
    const auto memo = ports_.store.memo(kind, "read_everything_at");
    seen_before_ = memo ? std::stoll(*memo) : 0;
}

Batch Applier::apply(Run& run, std::vector<ErpRow> rows) {
    Batch batch;
    if (rows.empty()) return batch;
    auto translated = references_.translate(run, kind_, rows);
    std::vector<std::string> ids;
    ids.reserve(rows.size());
    for (const auto& row : rows) ids.push_back(row.record.erp_id);
    const auto links = ports_.store.find_links(kind_, ids);

    std::vector<Change> changes;
    changes.reserve(verify_ ? rows.size() : 0);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const std::string& id = ids[i];
        if (!translated[i].problem.empty()) {
            quarantine(run, batch, id, links[i] ? links[i]->crm_id : "", translated[i].problem);
            continue;
        }
        const Fingerprint fingerprint =
            ports_.fingerprint(translated[i].crm ? *translated[i].crm : rows[i].record);
        if (!verify_ && links[i] && links[i]->fingerprint == fingerprint) {
            ++run.counts[Bucket::kUnchanged];
            release(batch, id);
            continue;
        }
        Record crm = translated[i].crm ? std::move(*translated[i].crm) : rows[i].record;
        Change change{
            .erp = std::move(rows[i].record), .write = {}, .fingerprint = fingerprint, .link = links[i]};
        change.write.external_id = id;
        change.write.record = std::move(crm);
        if (!links[i]) {
            Match match = matcher_.find(change.erp);
            if (!match.ambiguity.empty()) {
                quarantine(run, batch, id, "", match.ambiguity);
                continue;
            }
            if (match.crm_id) matcher_.taken(*match.crm_id);
            change.write.link_to = std::move(match.crm_id);
        }
        changes.push_back(std::move(change));
    }
    write_changes(run, batch, changes);
    return batch;
}

void Applier::write_changes(Run& run, Batch& batch, std::vector<Change>& changes) {
    if (changes.empty()) return;
    std::vector<CrmWrite> writes;
    writes.reserve(changes.size());
    for (auto& change : changes) writes.push_back(std::move(change.write));
    auto written = ports_.crm.upsert(kind_, writes);
    for (std::size_t i = 0; i < changes.size(); ++i) {
        // The CRM has given this external id to another record: that link wins over our match.
        if (written.at(i).outcome == WriteOutcome::kRefused && writes[i].link_to) {
            writes[i].link_to.reset();
            written[i] = ports_.crm.upsert(kind_, {writes[i]}).at(0);
        }
        changes[i].write = std::move(writes[i]);
        take_outcome(run, batch, changes[i], written.at(i));
    }
}

void Applier::take_outcome(Run& run, Batch& batch, const Change& change, const CrmWritten& written) {
    const std::string& id = change.erp.erp_id;
    if (written.outcome == WriteOutcome::kRefused) {
        quarantine(run, batch, id, change.link ? change.link->crm_id : "",
                   "the CRM refused it: " + written.error);
        return;
    }
    const Bucket bucket = written.outcome == WriteOutcome::kCreated   ? Bucket::kCreated
                          : written.outcome == WriteOutcome::kUpdated ? Bucket::kUpdated
                                                                      : Bucket::kUnchanged;
    ++run.counts[bucket];
    release(batch, id);
    if (bucket == Bucket::kUnchanged && change.link && change.link->fingerprint == change.fingerprint &&
        change.link->crm_id == written.id) {
        return;
    }
    batch.links.push_back({.link = {.erp_id = id,
                                    .crm_id = written.id,
                                    .fingerprint = change.fingerprint,
                                    .active = change.erp.active,
                                    .unchanged_at = change.link ? seen_before_ : 0,
                                    .changed_at = ports_.clock.now()},
                           .base = encode_record(change.erp)});
    if (bucket == Bucket::kUnchanged) return;
    batch.outcomes.push_back({.erp_id = id, .crm_id = written.id, .bucket = bucket, .reason = {}});
    for (const auto& [field, before] : written.previous) {
        Value after =
            field == "active" ? Value{change.erp.active ? "true" : "false"} : change.write.record.at(field);
        batch.history.push_back({.crm_id = written.id,
                                 .erp_id = id,
                                 .field = field,
                                 .before = before,
                                 .after = std::move(after)});
    }
}

void Applier::quarantine(Run& run, Batch& batch, const std::string& erp_id, const std::string& crm_id,
                         const std::string& reason) {
    ++run.counts[Bucket::kQuarantined];
    batch.outcomes.push_back(
        {.erp_id = erp_id, .crm_id = crm_id, .bucket = Bucket::kQuarantined, .reason = reason});
    if (erp_id.empty()) return;  // nothing to find it by again
    auto& entry = quarantined_[erp_id];
    if (entry.reason != reason) {
        ports_.log.note(LogLevel::kWarning, run, "quarantine",
                        std::string(to_text(kind_)) + ' ' + erp_id + " was kept aside: " + reason);
    }
    if (entry.since == 0) entry.since = ports_.clock.now();
    entry.erp_id = erp_id;
    entry.reason = reason;
    ++entry.tries;
    batch.quarantine.push_back(entry);
}

void Applier::release(Batch& batch, const std::string& erp_id) {
    if (quarantined_.erase(erp_id) > 0) batch.released.push_back(erp_id);
}

Batch Applier::deactivate(Run& run, const std::vector<Record>& gone) {
    Batch batch;
    std::vector<CrmWrite> writes;
    writes.reserve(gone.size());
    for (const auto& record : gone) {
        writes.push_back({.external_id = record.erp_id, .link_to = {}, .record = record, .deactivate = true});
    }
    const auto written = ports_.crm.upsert(kind_, writes);
    for (std::size_t i = 0; i < gone.size(); ++i) {
        const std::string& id = gone[i].erp_id;
        if (written.at(i).outcome == WriteOutcome::kRefused) {
            quarantine(run, batch, id, "", "the CRM refused to deactivate it: " + written[i].error);
            continue;
        }
        ++run.counts[Bucket::kDeactivated];
        Record base = gone[i];
        base.active = false;
        if (kind_ == RecordKind::kInventory) base.at("amount") = "0";
        batch.links.push_back({.link = {.erp_id = id,
                                        .crm_id = written[i].id,
                                        .fingerprint = kGone,
                                        .active = false,
                                        .unchanged_at = seen_before_,
                                        .changed_at = ports_.clock.now()},
                               .base = encode_record(base)});
        batch.outcomes.push_back({.erp_id = id,
                                  .crm_id = written[i].id,
                                  .bucket = Bucket::kDeactivated,
                                  .reason = "no longer in Metakocka"});
        for (const auto& [field, before] : written[i].previous) {
            batch.history.push_back({.crm_id = written[i].id,
                                     .erp_id = id,
                                     .field = field,
                                     .before = before,
                                     .after = field == "active" ? Value{"false"} : base.at(field)});
        }
        ports_.log.note(LogLevel::kInfo, run, "deactivate",
                        std::string(to_text(kind_)) + ' ' + id +
                            " is no longer in Metakocka; it was set inactive in the CRM");
        release(batch, id);
    }
    return batch;
}

}  // namespace metakocka::sync
