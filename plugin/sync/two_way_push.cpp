// TwoWayApplier's second half: what needs exchanges of its own, and what the ERP does not have any more.
#include <algorithm>
#include <utility>

#include "sync/erp_matcher.hpp"
#include "sync/two_way_applier.hpp"

namespace metakocka::sync {

namespace {

constexpr unsigned kMaxAttempts = 5;

}  // namespace

Batch TwoWayApplier::deactivate(Run& run, const std::vector<Record>& gone) {
    Batch batch;
    std::vector<std::string> ids;
    ids.reserve(gone.size());
    for (const auto& record : gone) ids.push_back(record.erp_id);
    const auto links = ports_.store.find_links(kind_, ids);
    std::vector<Subject> subjects;
    for (std::size_t i = 0; i < gone.size(); ++i) {
        if (!links[i]) continue;
        Subject subject;
        subject.erp_id = ids[i];
        subject.link = links[i];
        subject.crm_id = links[i]->crm_id;
        subject.base = gone[i];
        subjects.push_back(std::move(subject));
    }
    fetch_crm(batch, subjects);
    judge(run, batch, std::move(subjects));
    return batch;
}

std::optional<Batch> TwoWayApplier::push(Run& run) {
    Subject subject;
    if (!waiting_.empty()) {
        subject = std::move(waiting_.front());
        waiting_.pop_front();
    } else if (const auto crm_id = options_.only_read ? std::nullopt : feed_.next()) {
        subject = load(*crm_id);
    } else {
        return std::nullopt;
    }
    Batch batch;
    if (subject.attempts >= kMaxAttempts) {
        keep_for_later(run, batch, subject, "it was edited again and again while it was being written");
        return batch;
    }
    if (!subject.crm_id.empty()) {
        subject.crm = ports_.crm.rows_by_id(kind_, {subject.crm_id}).at(0);
        if (feed_.find(subject.crm_id) != nullptr) {
            subject.crm_changed = feed_.changed(subject.crm_id, ports_.clock.now());
        }
    }
    if (subject.crm && !subject.crm->problem.empty()) {
        judge(run, batch, {std::move(subject)});
        return batch;
    }
    const Plan plan = subject.plan(policy_for(subject));
    if (plan.decision == Decision::kForget && !subject.link) {  // came and went between two runs
        feed_.judged(subject.crm_id);
        return batch;
    }
    if (plan.decision == Decision::kCreateErp && !subject.base && !subject.crm->record.active) {
        settle(run, batch, subject, plan,
               Bucket::kExcluded);  // nobody needs a new record that is switched off
        return batch;
    }
    switch (plan.decision) {
        case Decision::kWriteErp:
        case Decision::kWriteBoth:
        case Decision::kCreateErp:
        case Decision::kDeactivateErp:
            write_erp(run, batch, std::move(subject), plan);
            break;
        default:
            judge(run, batch, {std::move(subject)});
    }
    return batch;
}

// One that was not met while reading: the ERP is asked for it directly.
Subject TwoWayApplier::load(const std::string& crm_id) {
    Subject subject;
    subject.crm_id = crm_id;
    subject.link = ports_.store.find_links_by_crm(kind_, {crm_id}).at(0);
    if (subject.link) {
        subject.erp_id = subject.link->erp_id;
    } else {
        // One that carries the ERP's id was written by a run that was killed before it could remember it.
        const auto row = ports_.crm.rows_by_id(kind_, {crm_id}).at(0);
        if (!row || !row->external_id) return subject;
        subject.erp_id = *row->external_id;
        subject.link = ports_.store.find_links(kind_, {subject.erp_id}).at(0);
    }
    if (const auto text = ports_.store.base(kind_, subject.erp_id)) {
        subject.base = decode_record(kind_, subject.erp_id, *text);
    }
    auto row = read_from_erp(ports_, kind_, subject.erp_id, subject.base);
    if (row && row->problem.empty()) {
        const bool same = subject.link && ports_.fingerprint(row->record) == subject.link->fingerprint;
        subject.erp = Version{std::move(row->record),
                              same ? Span{.from = subject.link->unchanged_at, .to = subject.link->changed_at}
                                   : Span{.from = seen_before_, .to = ports_.clock.now()}};
    }
    return subject;
}

bool TwoWayApplier::too_many_deletions() const {
    return feed_.deleted() + untold_deletions_ > options_.guard.limit(options_.active_links);
}

void TwoWayApplier::write_erp(Run& run, Batch& batch, Subject subject, const Plan& plan) {
    ErpWriter::Result result;
    if (plan.decision == Decision::kCreateErp) {
        if (!subject.base) {
            ErpMatch match = match_in_erp(ports_, subject.crm->record);
            if (!match.ambiguity.empty()) return keep_for_later(run, batch, subject, match.ambiguity);
            if (match.row) {
                subject.erp_id = match.row->record.erp_id;
                subject.erp = Version{std::move(match.row->record), {.from = 0, .to = ports_.clock.now()}};
                waiting_.push_front(std::move(subject));
                return;
            }
        }
        result = writer_.add(run, batch, subject, plan);
    } else {
        if (plan.decision == Decision::kDeactivateErp && too_many_deletions()) {
            return keep_for_later(
                run, batch, subject,
                std::to_string(feed_.deleted() + untold_deletions_) +
                    " records were deleted in the CRM, more than the deletion guard allows, so none is "
                    "deactivated in Metakocka. If this is right, raise deleteGuard in the settings and sync "
                    "again.");
        }
        result = writer_.update(run, batch, subject, plan);
    }
    switch (result.outcome) {
        case ErpWriter::Outcome::kRefused:
            keep_for_later(run, batch, subject, result.problem);
            return;
        case ErpWriter::Outcome::kReadAgain:
        case ErpWriter::Outcome::kDone:
            ++subject.attempts;
            break;
    }
    waiting_.push_front(std::move(subject));
}

}  // namespace metakocka::sync
