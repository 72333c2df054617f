#include "sync/pull_applier.hpp"

#include <utility>

#include "sync/gone.hpp"

namespace metakocka::sync {

PullApplier::PullApplier(Ports ports, RecordKind kind, bool verify)
    : ports_(ports),
      kind_(kind),
      references_(ports),
      books_(ports, kind),
      intents_(ports, kind, ""),
      matcher_(ports.crm, kind),
      verify_(verify),
      seen_before_(last_full_reading(ports.store, kind)) {}

std::optional<Batch> PullApplier::prepare(Run& run) {
    if (auto batch = intents_.resolve(run)) return batch;
    if (std::exchange(tidied_, true)) return std::nullopt;
    Batch batch;
    // From Metakocka to the CRM there is nothing to decide.
    for (const auto& conflict : ports_.store.conflicts(kind_)) batch.agreed.push_back(conflict.crm_id);
    for (const auto& crm_id : books_.quarantined_in_crm()) books_.release(batch, crm_key(crm_id));
    if (batch.empty()) return std::nullopt;
    return batch;
}

Batch PullApplier::apply(Run& run, std::vector<ErpRow> rows) {
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
            books_.quarantine(run, batch, id, links[i] ? links[i]->crm_id : "", translated[i].problem);
            continue;
        }
        const Fingerprint fingerprint =
            ports_.fingerprint(translated[i].crm ? *translated[i].crm : rows[i].record);
        if (!verify_ && links[i] && links[i]->fingerprint == fingerprint) {
            ++run.counts[Bucket::kUnchanged];
            books_.release(batch, id);
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
                books_.quarantine(run, batch, id, "", match.ambiguity);
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

std::set<std::string> PullApplier::announce(const Run& run, const std::vector<CrmWrite>& writes,
                                            const std::vector<std::string>& crm_ids) {
    std::vector<std::string> known;
    std::vector<Record> wanted;
    for (std::size_t i = 0; i < writes.size(); ++i) {
        if (crm_ids[i].empty()) continue;
        known.push_back(crm_ids[i]);
        wanted.push_back(writes[i].record);
        wanted.back().erp_id = writes[i].external_id;
    }
    std::set<std::string> replaced;
    if (known.empty()) return replaced;
    auto rows = ports_.crm.rows_by_id(kind_, known);
    std::vector<Announced> announced;
    for (std::size_t i = 0; i < known.size(); ++i) {
        if (!rows[i] || !rows[i]->problem.empty()) continue;
        rows[i]->record.erp_id = wanted[i].erp_id;
        if (rows[i]->record == wanted[i]) continue;
        announced.push_back({Side::kCrm, known[i], &rows[i]->record, &wanted[i]});
        replaced.insert(known[i]);
    }
    intents_.announce(run, announced);
    return replaced;
}

void PullApplier::write_changes(Run& run, Batch& batch, std::vector<Change>& changes) {
    if (changes.empty()) return;
    std::vector<CrmWrite> writes;
    std::vector<std::string> crm_ids;  // "": the CRM does not have it yet
    writes.reserve(changes.size());
    crm_ids.reserve(changes.size());
    for (auto& change : changes) {
        crm_ids.push_back(change.link ? change.link->crm_id : change.write.link_to.value_or(""));
        writes.push_back(std::move(change.write));
    }
    const auto replaced = announce(run, writes, crm_ids);
    auto written = ports_.crm.upsert(kind_, writes);
    for (std::size_t i = 0; i < changes.size(); ++i) {
        // The CRM has given this external id to another record: that link wins over our match.
        if (written.at(i).outcome == WriteOutcome::kRefused && writes[i].link_to) {
            writes[i].link_to.reset();
            written[i] = ports_.crm.upsert(kind_, {writes[i]}).at(0);
        }
        if (replaced.contains(crm_ids[i])) batch.settled.push_back(crm_ids[i]);
        changes[i].write = std::move(writes[i]);
        take_outcome(run, batch, changes[i], written.at(i));
    }
}

void PullApplier::take_outcome(Run& run, Batch& batch, const Change& change, const CrmWritten& written) {
    const std::string& id = change.erp.erp_id;
    if (written.outcome == WriteOutcome::kRefused) {
        books_.quarantine(run, batch, id, change.link ? change.link->crm_id : "",
                          "the CRM refused it: " + written.error);
        return;
    }
    const Bucket bucket = written.outcome == WriteOutcome::kCreated   ? Bucket::kCreated
                          : written.outcome == WriteOutcome::kUpdated ? Bucket::kUpdated
                                                                      : Bucket::kUnchanged;
    books_.count(run, batch, id, written.id, bucket);
    books_.release(batch, id);
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
    if (bucket != Bucket::kUnchanged) books_.replaced(batch, id, written, change.write.record);
}

Batch PullApplier::deactivate(Run& run, const std::vector<Record>& gone) {
    Batch batch;
    std::vector<std::string> erp_ids;
    erp_ids.reserve(gone.size());
    for (const auto& record : gone) erp_ids.push_back(record.erp_id);
    auto rows = ports_.crm.rows(kind_, erp_ids);
    const auto links = ports_.store.find_links(kind_, erp_ids);
    std::vector<Record> wanted(gone);
    std::vector<Announced> announced;
    std::vector<CrmWrite> writes;
    for (std::size_t i = 0; i < gone.size(); ++i) {
        if (!rows[i]) continue;
        writes.push_back(deactivation(gone[i]));
        if (!rows[i]->problem.empty()) continue;
        rows[i]->record.erp_id = erp_ids[i];
        wanted[i] = deactivated(rows[i]->record);
        announced.push_back({Side::kCrm, rows[i]->id, &rows[i]->record, &wanted[i]});
        batch.settled.push_back(rows[i]->id);
    }
    intents_.announce(run, announced);
    const auto written = writes.empty() ? std::vector<CrmWritten>{} : ports_.crm.upsert(kind_, writes);
    std::size_t next = 0;
    for (std::size_t i = 0; i < gone.size(); ++i) {
        // One that somebody deleted in the CRM as well has nothing to be switched off.
        CrmWritten deleted;
        deleted.outcome = WriteOutcome::kUnchanged;
        if (links[i]) deleted.id = links[i]->crm_id;
        take_deactivated(ports_, books_, run, batch, gone[i], rows[i] ? written.at(next++) : deleted,
                         seen_before_);
    }
    return batch;
}

}  // namespace metakocka::sync
