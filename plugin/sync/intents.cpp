#include "sync/intents.hpp"

#include <algorithm>
#include <utility>

#include "sync/erp_matcher.hpp"
#include "sync/gone.hpp"
#include "sync/subject.hpp"

namespace metakocka::sync {

namespace {

Value value_of(const Record& record, const std::string& field) {
    if (field == "active") return record.active ? "true" : "false";
    return record.at(field);
}

bool refers(RecordKind kind, const std::string& field) {
    const auto fields = schema(kind);
    return std::any_of(fields.begin(), fields.end(), [&field](const FieldSpec& spec) {
        return spec.name == field && (spec.type == FieldType::kReference || spec.type == FieldType::kLines);
    });
}

}  // namespace

std::vector<std::string> differing(const Record& one, const Record& two) {
    std::vector<std::string> names;
    const auto fields = schema(one.kind);
    for (std::size_t i = 0; i < fields.size(); ++i) {
        if (one.values[i] != two.values[i]) names.emplace_back(fields[i].name);
    }
    if (one.active != two.active) names.emplace_back("active");
    return names;
}

Intents::Intents(Ports ports, RecordKind kind, std::string allowed_by)
    : ports_(ports), kind_(kind), allowed_by_(std::move(allowed_by)) {
    for (auto& intent : ports_.store.intents(kind)) open_.push_back(std::move(intent));
}

void Intents::announce(const Run& run, const std::vector<Announced>& writes) {
    if (writes.empty()) return;
    std::vector<Intent> intents;
    intents.reserve(writes.size());
    for (const auto& write : writes) {
        intents.push_back({.side = write.side,
                           .crm_id = write.crm_id,
                           .erp_id = write.before != nullptr ? write.before->erp_id : "",
                           .before = write.before != nullptr ? encode_record(*write.before) : "",
                           .wanted = encode_record(*write.wanted),
                           .since = ports_.clock.now(),
                           .run_id = run.id});
    }
    ports_.store.put_intents(kind_, intents);
}

void Intents::carried_out(Run& run, Batch& batch, Side side, const std::string& crm_id, const Record* before,
                          const Record& wanted, const std::vector<std::string>& fields) {
    batch.settled.push_back(crm_id);
    if (before != nullptr) {
        for (const auto& field : fields) {
            batch.history.push_back({.crm_id = crm_id,
                                     .erp_id = wanted.erp_id,
                                     .field = field,
                                     .before = value_of(*before, field),
                                     .after = value_of(wanted, field),
                                     .side = side});
        }
    }
    if (side == Side::kCrm) return;
    ++run.counts.written;
    const bool deactivated = before != nullptr && before->active && !wanted.active;
    const std::string operation = before == nullptr ? "add" : deactivated ? "deactivate" : "update";
    batch.erp_writes.push_back({.erp_id = wanted.erp_id,
                                .crm_id = crm_id,
                                .operation = operation,
                                .allowed_by = allowed_by_,
                                .fields = fields});
    ports_.log.note(LogLevel::kInfo, run, operation,
                    std::string(to_text(kind_)) + ' ' + wanted.erp_id + " was written to Metakocka");
}

std::optional<Batch> Intents::resolve(Run& run) {
    if (open_.empty()) return std::nullopt;
    Batch batch;
    const Intent& intent = open_.front();
    if (intent.before.empty()) {
        resolve_add(run, batch, intent);
    } else {
        resolve_change(run, batch, intent);
    }
    if (batch.settled.empty()) batch.settled.push_back(intent.crm_id);
    open_.pop_front();
    return batch;
}

void Intents::resolve_add(Run& run, Batch& batch, const Intent& intent) {
    Record wanted = decode_record(kind_, "", intent.wanted);
    auto rows = ports_.erp.find_added(wanted);
    // Somebody may have gone on with it in the ERP already.
    if (auto match = match_in_erp(ports_, wanted); match.row) rows.push_back(std::move(*match.row));
    for (const auto& row : rows) {
        wanted.erp_id = row.record.erp_id;
        if (!row.problem.empty() || ports_.store.find_links(kind_, {wanted.erp_id}).at(0)) continue;
        batch.links.push_back({.link = {.erp_id = wanted.erp_id,
                                        .crm_id = intent.crm_id,
                                        .fingerprint = kGone,  // until it is judged
                                        .active = true,
                                        .unchanged_at = 0,
                                        .changed_at = ports_.clock.now()},
                               .base = encode_record(wanted)});
        carried_out(run, batch, Side::kErp, intent.crm_id, nullptr, wanted,
                    differing(Record(kind_, ""), wanted));
        return;
    }
}

// What was carried out is agreed and in the history; whether more has to be written is found out by judging
// the record again.
void Intents::resolve_change(Run& run, Batch& batch, const Intent& intent) {
    const Record before = decode_record(kind_, intent.erp_id, intent.before);
    const Record wanted = decode_record(kind_, intent.erp_id, intent.wanted);
    std::optional<Record> now;
    if (intent.side == Side::kErp) {
        if (auto row = read_from_erp(ports_, kind_, intent.erp_id, before)) now = std::move(row->record);
    } else if (auto row = ports_.crm.rows_by_id(kind_, {intent.crm_id}).at(0)) {
        now = std::move(row->record);
    }
    if (!now) return;
    std::vector<std::string> fields;
    for (auto& field : differing(before, wanted)) {
        if (value_of(*now, field) == value_of(wanted, field)) fields.push_back(std::move(field));
    }
    if (fields.empty()) return;
    carried_out(run, batch, intent.side, intent.crm_id, &before, wanted, fields);
    auto link = ports_.store.find_links(kind_, {intent.erp_id}).at(0);
    const auto text = ports_.store.base(kind_, intent.erp_id);
    if (!link || !text) return;
    Record base = decode_record(kind_, intent.erp_id, *text);
    for (const auto& field : fields) {
        if (field == "active") {
            base.active = link->active = wanted.active;
        } else if (!refers(kind_, field)) {  // the base has the ERP's ids, the write the CRM's
            base.at(field) = wanted.at(field);
        }
    }
    link->fingerprint = kGone;
    batch.links.push_back({.link = *link, .base = encode_record(base)});
}

}  // namespace metakocka::sync
