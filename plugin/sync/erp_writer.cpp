#include "sync/erp_writer.hpp"

#include <utility>

#include "sync/erp_limits.hpp"
#include "sync/gone.hpp"

namespace metakocka::sync {

namespace {

bool refusal(const ErpError& error) {
    return error.error_class() == ErpErrorClass::kRecord || error.error_class() == ErpErrorClass::kNotFound ||
           error.error_class() == ErpErrorClass::kAlreadyExists;
}

// The ERP keeps of a new record what it takes; nobody has agreed on the rest.
Record as_written(const Record& wanted) {
    const ErpAbilities abilities = erp_abilities(wanted.kind);
    Record written = wanted;
    for (std::size_t i = 0; i < written.values.size(); ++i) {
        if (!abilities.writable[i]) written.values[i].reset();
    }
    return written;
}

std::string not_taken(const ErpUpdate& update) {
    std::string names;
    for (const std::size_t field : update.not_taken) {
        names += (names.empty() ? "" : ", ") + std::string(schema(update.row.record.kind)[field].name);
    }
    return "Metakocka did not take the new value of " + names;
}

}  // namespace

ErpWriter::Result ErpWriter::add(Run& run, Batch& batch, Subject& subject, const Plan& plan) {
    Record wanted = as_written(plan.erp);
    wanted.erp_id.clear();
    if (std::string problem = beyond_limits(wanted, nullptr); !problem.empty()) {
        return {Outcome::kRefused, std::move(problem)};
    }
    intents_.announce(run, {{Side::kErp, subject.crm_id, nullptr, &wanted}});
    ErpRow row;
    try {
        row = ports_.erp.add(wanted);
    } catch (const ErpError& error) {
        if (!refusal(error)) throw;
        batch.settled.push_back(subject.crm_id);
        return {Outcome::kRefused, error.what()};
    }
    wanted.erp_id = subject.erp_id = row.record.erp_id;
    subject.erp = Version{std::move(row.record), {}};
    subject.done = Bucket::kCreated;
    intents_.carried_out(run, batch, Side::kErp, subject.crm_id, nullptr, wanted,
                         differing(Record(kind_, ""), wanted));
    link(batch, subject, std::move(wanted));
    return {Outcome::kDone, {}};
}

ErpWriter::Result ErpWriter::update(Run& run, Batch& batch, Subject& subject, const Plan& plan) {
    if (std::string problem = beyond_limits(plan.erp, &subject.erp->record); !problem.empty()) {
        return {Outcome::kRefused, std::move(problem)};
    }
    const Record before = subject.erp->record;
    intents_.announce(run, {{Side::kErp, subject.crm_id, &before, &plan.erp}});
    ErpUpdate update;
    try {
        update = ports_.erp.update(before, plan.erp);
    } catch (const ErpError& error) {
        if (!refusal(error)) throw;
        batch.settled.push_back(subject.crm_id);
        return {Outcome::kRefused, error.what()};
    }
    const bool taken = !update.changed_meanwhile && update.not_taken.empty();
    std::string problem = update.not_taken.empty() ? "" : not_taken(update);
    subject.erp =
        Version{std::move(update.row.record), {.from = subject.erp->changed.from, .to = ports_.clock.now()}};
    if (!taken) {
        batch.settled.push_back(subject.crm_id);
        return {update.changed_meanwhile ? Outcome::kReadAgain : Outcome::kRefused, std::move(problem)};
    }
    subject.done = before.active && !plan.erp.active ? Bucket::kDeactivated : Bucket::kUpdated;
    intents_.carried_out(run, batch, Side::kErp, subject.crm_id, &before, plan.erp,
                         differing(before, plan.erp));
    // Only what was written is agreed; the rest is judged again with what the ERP answered.
    Record base = subject.base ? *subject.base : Record(kind_, subject.erp_id);
    for (std::size_t i = 0; i < base.values.size(); ++i) {
        if (plan.erp.values[i] != before.values[i]) base.values[i] = plan.erp.values[i];
    }
    base.active = plan.base.active;
    link(batch, subject, std::move(base));
    return {Outcome::kDone, {}};
}

void ErpWriter::link(Batch& batch, Subject& subject, Record base) {
    const Link link{.erp_id = subject.erp_id,
                    .crm_id = subject.crm_id,
                    .fingerprint = kGone,  // until it is judged again
                    .active = base.active,
                    .unchanged_at = subject.link ? subject.link->unchanged_at : 0,
                    .changed_at = ports_.clock.now()};
    batch.links.push_back({.link = link, .base = encode_record(base)});
    subject.link = link;
    subject.base = std::move(base);
}

}  // namespace metakocka::sync
