#include "sync/two_way_applier.hpp"

#include <algorithm>
#include <utility>

#include "sync/field_groups.hpp"
#include "sync/gone.hpp"

namespace metakocka::sync {

namespace {

bool concerns_erp(Decision decision) {
    switch (decision) {
        case Decision::kWriteErp:
        case Decision::kWriteBoth:
        case Decision::kCreateErp:
        case Decision::kDeactivateErp:
            return true;
        case Decision::kNothing:
        case Decision::kWriteCrm:
        case Decision::kCreateCrm:
        case Decision::kDeactivateCrm:
        case Decision::kAsk:
        case Decision::kExclude:
        case Decision::kForget:
            return false;
    }
    return false;
}

// The fields of the groups that are ruled so and differ.
std::string names_of(const Plan& plan, RecordKind kind, Ruling ruling) {
    std::string names;
    for (const auto& verdict : plan.verdicts) {
        if (verdict.ruling != ruling) continue;
        for (const std::size_t field : field_groups(kind)[verdict.group]) {
            if (plan.erp.values[field] == plan.crm.values[field]) continue;
            names += (names.empty() ? "" : ", ") + std::string(schema(kind)[field].name);
        }
    }
    return names;
}

}  // namespace

TwoWayApplier::TwoWayApplier(Ports ports, RecordKind kind, TwoWayOptions options)
    : ports_(ports),
      kind_(kind),
      options_(std::move(options)),
      books_(ports, kind),
      matcher_(ports.crm, kind),
      feed_(ports, kind),
      intents_(ports, kind, options_.allowed_by),
      writer_(ports, kind, intents_),
      seen_before_(last_full_reading(ports.store, kind)) {
    for (auto& conflict : ports_.store.conflicts(kind)) {
        if (conflict.resolution) feed_.add(conflict.crm_id);
        conflicts_.emplace(conflict.crm_id, std::move(conflict));
    }
    for (const auto& crm_id : books_.quarantined_in_crm()) feed_.retry(crm_id);
}

std::optional<Batch> TwoWayApplier::prepare(Run& run) {
    if (auto batch = intents_.resolve(run)) return batch;
    if (feed_.read()) return Batch{};
    return std::nullopt;
}

bool TwoWayApplier::to_be_judged(const Link& link, const Fingerprint& fingerprint) const {
    return options_.verify || link.fingerprint != fingerprint || feed_.find(link.crm_id) != nullptr;
}

Batch TwoWayApplier::apply(Run& run, std::vector<ErpRow> rows) {
    Batch batch;
    if (rows.empty()) return batch;
    std::vector<std::string> ids;
    ids.reserve(rows.size());
    for (const auto& row : rows) ids.push_back(row.record.erp_id);
    const auto links = ports_.store.find_links(kind_, ids);

    std::vector<Subject> subjects;
    const Instant now = ports_.clock.now();
    for (std::size_t i = 0; i < rows.size(); ++i) {
        Subject subject;
        subject.erp_id = ids[i];
        subject.link = links[i];
        if (subject.link) subject.crm_id = subject.link->crm_id;
        if (!rows[i].problem.empty()) {
            keep_for_later(run, batch, subject, rows[i].problem);
            continue;
        }
        const Fingerprint fingerprint = ports_.fingerprint(rows[i].record);
        Span changed{.from = 0, .to = now};
        if (subject.link) {
            if (!to_be_judged(*subject.link, fingerprint)) {
                const bool open = conflicts_.contains(subject.crm_id);
                ++run.counts[open ? Bucket::kConflict : Bucket::kUnchanged];
                books_.release(batch, subject.erp_id);
                continue;
            }
            changed = subject.link->fingerprint == fingerprint
                          ? Span{.from = subject.link->unchanged_at, .to = subject.link->changed_at}
                          : Span{.from = seen_before_, .to = now};
        }
        subject.erp = Version{std::move(rows[i].record), changed};
        subjects.push_back(std::move(subject));
    }
    match(run, batch, subjects);
    fetch_crm(batch, subjects);
    judge(run, batch, std::move(subjects));
    return batch;
}

// Which records of the CRM belong to those that are not linked yet. One that carries the ERP's id already was
// written by a run that ended before it could remember.
void TwoWayApplier::match(Run& run, Batch& batch, std::vector<Subject>& subjects) {
    std::vector<std::string> unknown;
    for (const auto& subject : subjects) {
        if (!subject.link) unknown.push_back(subject.erp_id);
    }
    if (unknown.empty()) return;
    const auto marked = ports_.crm.rows(kind_, unknown);
    std::size_t next = 0;
    std::erase_if(subjects, [&](Subject& subject) {
        if (subject.link) return false;
        if (const auto& row = marked.at(next++)) {
            subject.crm_id = row->id;
            return false;
        }
        Match match = matcher_.find(subject.erp->record);
        if (!match.ambiguity.empty()) {
            keep_for_later(run, batch, subject, match.ambiguity);
            return true;
        }
        if (match.crm_id) {
            matcher_.taken(*match.crm_id);
            subject.crm_id = *match.crm_id;
        }
        return false;
    });
}

void TwoWayApplier::fetch_crm(Batch& batch, std::vector<Subject>& subjects) {
    std::vector<std::string> ids;
    for (const auto& subject : subjects) {
        if (!subject.crm_id.empty()) ids.push_back(subject.crm_id);
    }
    if (ids.empty()) return;
    auto rows = ports_.crm.rows_by_id(kind_, ids);
    std::size_t next = 0;
    for (auto& subject : subjects) {
        if (!subject.crm_id.empty()) {
            subject.crm = std::move(rows.at(next++));
            if (!subject.crm) adopt(batch, subject);
            subject.crm_changed = feed_.changed(subject.crm_id, ports_.clock.now());
        }
        if (!subject.link || subject.base) continue;
        if (const auto text = ports_.store.base(kind_, subject.erp_id)) {
            subject.base = decode_record(kind_, subject.erp_id, *text);
        }
    }
}

// What is gone in the CRM may have been made anew by a run that was killed before it could remember the new
// id.
void TwoWayApplier::adopt(Batch& batch, Subject& subject) {
    if (!subject.link) return;
    subject.crm = std::move(ports_.crm.rows(kind_, {subject.erp_id}).at(0));
    if (!subject.crm) return;
    feed_.judged(subject.crm_id);
    if (conflicts_.erase(subject.crm_id) > 0) batch.agreed.push_back(subject.crm_id);
    subject.crm_id = subject.crm->id;
}

PlanPolicy TwoWayApplier::policy_for(const Subject& subject) const {
    const auto conflict = conflicts_.find(subject.crm_id);
    if (conflict == conflicts_.end() || !conflict->second.resolution) return options_.policy;
    return decided(options_.policy, kind_, *conflict->second.resolution);
}

void TwoWayApplier::judge(Run& run, Batch& batch, std::vector<Subject> subjects) {
    std::vector<Planned> changes;
    for (auto& subject : subjects) {
        if (subject.crm && !subject.crm->problem.empty()) {
            keep_for_later(run, batch, subject, "in the CRM, " + subject.crm->problem);
            continue;
        }
        const bool in_feed = feed_.find(subject.crm_id) != nullptr;
        feed_.judged(subject.crm_id);
        Plan plan = subject.plan(policy_for(subject));
        if (plan.decision == Decision::kDeactivateErp && !in_feed) ++untold_deletions_;
        if (concerns_erp(plan.decision)) {
            waiting_.push_back(std::move(subject));
            continue;
        }
        switch (plan.decision) {
            case Decision::kNothing:
                if (!subject.unmarked()) {
                    settle(run, batch, subject, plan, Bucket::kUnchanged);
                    break;
                }
                [[fallthrough]];
            case Decision::kWriteCrm:
            case Decision::kCreateCrm:
            case Decision::kDeactivateCrm:
                changes.push_back({std::move(subject), std::move(plan)});
                break;
            case Decision::kAsk:
                settle(run, batch, subject, plan, Bucket::kConflict);
                break;
            case Decision::kExclude:
                settle(run, batch, subject, plan, Bucket::kExcluded);
                break;
            case Decision::kForget:
                settle(run, batch, subject, plan, Bucket::kDeactivated);
                break;
            case Decision::kWriteErp:
            case Decision::kWriteBoth:
            case Decision::kCreateErp:
            case Decision::kDeactivateErp:
                break;  // waits, see above
        }
    }
    write_crm(run, batch, changes);
}

void TwoWayApplier::announce(const Run& run, std::vector<Planned>& changes) {
    std::vector<Announced> writes;
    for (auto& [subject, plan] : changes) {
        if (!subject.crm) continue;
        subject.crm->record.erp_id = subject.erp_id;
        if (subject.crm->record == plan.crm) continue;
        writes.push_back({Side::kCrm, subject.crm_id, &subject.crm->record, &plan.crm});
    }
    intents_.announce(run, writes);
}

void TwoWayApplier::write_crm(Run& run, Batch& batch, std::vector<Planned>& changes) {
    if (changes.empty()) return;
    std::vector<CrmWrite> writes;
    writes.reserve(changes.size());
    announce(run, changes);
    for (const auto& [subject, plan] : changes) {
        CrmWrite write;
        write.external_id = subject.erp_id;
        write.record = plan.crm;
        write.record.erp_id = subject.erp_id;
        if (subject.crm) {
            write.link_to = subject.crm->id;
            write.if_updated_at = subject.crm->updated_at;
        }
        writes.push_back(std::move(write));
    }
    const auto written = ports_.crm.upsert(kind_, writes);
    for (std::size_t i = 0; i < changes.size(); ++i) {
        auto& [subject, plan] = changes[i];
        const CrmWritten& answer = written.at(i);
        if (subject.crm) batch.settled.push_back(subject.crm_id);
        if (answer.outcome == WriteOutcome::kRefused) {
            keep_for_later(run, batch, subject, "the CRM refused it: " + answer.error);
            continue;
        }
        if (answer.outcome == WriteOutcome::kConflict) {  // somebody edited it meanwhile: judged again alone
            ++subject.attempts;
            waiting_.push_back(std::move(subject));
            continue;
        }
        if (answer.id != subject.crm_id && conflicts_.erase(subject.crm_id) > 0) {
            batch.agreed.push_back(subject.crm_id);  // it was made anew under another id
        }
        subject.crm_id = answer.id;
        const Bucket bucket = plan.decision == Decision::kDeactivateCrm    ? Bucket::kDeactivated
                              : answer.outcome == WriteOutcome::kCreated   ? Bucket::kCreated
                              : answer.outcome == WriteOutcome::kUnchanged ? Bucket::kUnchanged
                                                                           : Bucket::kUpdated;
        if (answer.outcome != WriteOutcome::kCreated) {
            books_.replaced(batch, subject.erp_id, answer, writes[i].record);
        }
        settle(run, batch, subject, plan, bucket);
    }
}

std::string TwoWayApplier::why_excluded(const Subject& subject) const {
    const bool only_in_erp = subject.crm_id.empty() || (!subject.crm && !subject.link);
    if (only_in_erp) return "only Metakocka has it, and the direction does not take it to the CRM";
    if (options_.write_protected) {
        return subject.erp_id.empty()
                   ? "new in the CRM; write protection keeps it from being added to Metakocka"
                   : "removed or switched off in the CRM; write protection keeps Metakocka as it is";
    }
    if (subject.erp_id.empty()) return "new in the CRM and switched off there, so Metakocka does not get it";
    return "removed or switched off in the CRM; Metakocka has no way to deactivate a " +
           std::string(kind_ == RecordKind::kContacts ? "partner" : "record") + ", so it stays there";
}

// Everything that can be done for it in this run is done.
void TwoWayApplier::settle(Run& run, Batch& batch, const Subject& subject, const Plan& plan, Bucket bucket) {
    feed_.judged(subject.crm_id);
    std::string reason;
    if (plan.open()) {
        const std::string unwritable = names_of(plan, kind_, Ruling::kUnwritable);
        const std::string open = names_of(plan, kind_, Ruling::kOpen);
        if (options_.write_protected && open.empty() && plan.decision != Decision::kAsk) {
            bucket = Bucket::kExcluded;
            if (conflicts_.erase(subject.crm_id) > 0) batch.agreed.push_back(subject.crm_id);
            reason =
                unwritable + ": changed in the CRM, and write protection keeps Metakocka from being written";
        } else {
            bucket = Bucket::kConflict;
            note_conflict(batch, subject, plan);
            reason = conflicts_.at(subject.crm_id).reason;
        }
    } else {
        if (conflicts_.erase(subject.crm_id) > 0) batch.agreed.push_back(subject.crm_id);
        if (subject.done) bucket = *subject.done;
        if (bucket == Bucket::kDeactivated) reason = "gone on the other side";
        if (bucket == Bucket::kUnchanged && plan.stays_active_in_erp) bucket = Bucket::kExcluded;
        if (bucket == Bucket::kExcluded) reason = why_excluded(subject);
    }
    books_.count(run, batch, subject.erp_id, subject.crm_id, bucket, reason);
    books_.release(batch, subject.erp_id);
    books_.release(batch, crm_key(subject.crm_id));
    if (subject.erp_id.empty() || subject.crm_id.empty()) return;

    const bool both = subject.erp && (subject.crm || plan.decision == Decision::kCreateCrm);
    Link link{.erp_id = subject.erp_id,
              .crm_id = subject.crm_id,
              .fingerprint = subject.erp ? ports_.fingerprint(subject.erp->record) : kGone,
              .active = both && plan.base.active,
              .unchanged_at = subject.erp ? subject.erp->changed.from : seen_before_,
              .changed_at = subject.erp ? subject.erp->changed.to : ports_.clock.now()};
    // What one side has alone was agreed on by nobody.
    const bool one_sided = plan.decision == Decision::kAsk || plan.decision == Decision::kExclude;
    if (one_sided && subject.link) link.active = subject.link->active;
    Record base = one_sided && subject.base ? *subject.base : plan.base;
    base.erp_id = subject.erp_id;
    const bool same = subject.link && subject.base && subject.link->fingerprint == link.fingerprint &&
                      subject.link->crm_id == link.crm_id && subject.link->active == link.active &&
                      *subject.base == base;
    if (!same) batch.links.push_back({.link = link, .base = encode_record(base)});
}

void TwoWayApplier::keep_for_later(Run& run, Batch& batch, const Subject& subject,
                                   const std::string& reason) {
    // What was changed in the CRM is told once; what could not be done about it has to be remembered by the
    // CRM's id.
    const bool by_crm = !subject.crm_id.empty() && (subject.erp_id.empty() || subject.crm || subject.erp ||
                                                    feed_.find(subject.crm_id) != nullptr);
    feed_.judged(subject.crm_id);
    books_.quarantine(run, batch, by_crm ? crm_key(subject.crm_id) : subject.erp_id, subject.crm_id, reason);
}

void TwoWayApplier::note_conflict(Batch& batch, const Subject& subject, const Plan& plan) {
    Conflict conflict;
    conflict.kind = kind_;
    conflict.crm_id = subject.crm_id;
    conflict.erp_id = subject.erp_id;
    conflict.since = ports_.clock.now();
    conflict.base = subject.base;
    conflict.erp = subject.erp;
    if (subject.crm) {
        conflict.crm = Version{subject.crm->record, subject.crm_changed};
        conflict.crm->record.erp_id = subject.erp_id;
    }
    for (const auto& verdict : plan.verdicts) {
        if (verdict.ruling == Ruling::kOpen || verdict.ruling == Ruling::kUnwritable) {
            conflict.verdicts.push_back(verdict);
        }
    }
    const std::string open = names_of(plan, kind_, Ruling::kOpen);
    const std::string unwritable = names_of(plan, kind_, Ruling::kUnwritable);
    if (plan.decision == Decision::kAsk) {
        conflict.reason = std::string("It was removed in ") + (subject.erp ? "the CRM" : "Metakocka") +
                          " and changed in " + (subject.erp ? "Metakocka" : "the CRM") + ".";
    } else if (!open.empty()) {
        conflict.reason = "Both sides changed " + open + ".";
    } else {
        conflict.reason = "Metakocka does not take the CRM's change of " + unwritable + ".";
    }
    const auto known = conflicts_.find(subject.crm_id);
    if (known != conflicts_.end()) {
        if (known->second.reason == conflict.reason) conflict.since = known->second.since;
        if (encode(known->second) == encode(conflict)) return;
    }
    conflicts_.insert_or_assign(subject.crm_id, conflict);
    batch.conflicts.push_back(std::move(conflict));
}

void TwoWayApplier::finished(const Run&) {
    if (!options_.only_read) feed_.finished();
}

}  // namespace metakocka::sync
