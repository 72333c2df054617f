// The writes of the ERP in memory, with the rules of the real one: what is not writable is not taken, what is
// left out stays, what is beyond a limit is refused, and nothing tells a repeated add from a new one.
#include <algorithm>
#include <stdexcept>

#include "memory_world.hpp"
#include "sync/erp_limits.hpp"

namespace metakocka::sync::testing {

namespace {

bool is_flag(RecordKind kind, std::size_t field) {
    return schema(kind)[field].type == FieldType::kFlag;
}

void refuse_beyond_limits(const Record& wanted, const Record* erp) {
    if (std::string problem = beyond_limits(wanted, erp); !problem.empty()) {
        throw ErpError(ErpErrorClass::kRecord, problem);
    }
}

}  // namespace

std::vector<ErpRow>& MemoryErp::rows_of(RecordKind kind) {
    if (kind == RecordKind::kContacts) return partner_rows;
    if (kind == RecordKind::kProducts) return product_rows;
    throw std::logic_error("only contacts and products are written to the ERP");
}

ErpRow MemoryErp::add(const Record& wanted) {
    exchange("add");
    auto& rows = rows_of(wanted.kind);
    refuse_beyond_limits(wanted, nullptr);
    const ErpAbilities abilities = erp_abilities(wanted.kind);
    const bool known = std::any_of(rows.begin(), rows.end(), [&wanted](const ErpRow& row) {
        return wanted.kind == RecordKind::kProducts && row.record.at("code") == wanted.at("code");
    });
    if (known) {
        throw ErpError(ErpErrorClass::kAlreadyExists,
                       "Product with count_code " + *wanted.at("code") + " already exists.");
    }
    ErpRow row{Record(wanted.kind, std::to_string(++next_id_)), ""};
    row.record.active = wanted.active || !abilities.deactivates;
    for (std::size_t i = 0; i < wanted.values.size(); ++i) {
        if (abilities.writable[i]) row.record.values[i] = wanted.values[i];
        if (is_flag(wanted.kind, i) && !row.record.values[i]) row.record.values[i] = "false";
    }
    rows.push_back(row);
    ++writes;
    after("add");
    return row;
}

ErpUpdate MemoryErp::update(const Record& expected, const Record& wanted) {
    exchange("update read");
    auto& rows = rows_of(expected.kind);
    const auto at = std::find_if(rows.begin(), rows.end(), [&expected](const ErpRow& row) {
        return row.record.erp_id == expected.erp_id;
    });
    if (at == rows.end()) {
        throw ErpError(ErpErrorClass::kNotFound, "the ERP does not have " + expected.erp_id + " any more");
    }
    ErpUpdate update;
    update.row = *at;
    if (!same_to_writer(at->record, expected)) {
        update.changed_meanwhile = true;
        return update;
    }
    refuse_beyond_limits(wanted, &at->record);
    const ErpAbilities abilities = erp_abilities(expected.kind);
    const bool clears = expected.kind != RecordKind::kContacts || clears_contacts;
    ErpRow written = *at;
    for (std::size_t i = 0; i < wanted.values.size(); ++i) {
        if (wanted.values[i] == expected.values[i]) continue;
        const bool takes = abilities.writable[i] && (wanted.values[i] || (abilities.clearable[i] && clears));
        if (takes) {
            written.record.values[i] = wanted.values[i];
        } else {
            update.not_taken.push_back(i);
        }
    }
    if (abilities.deactivates) written.record.active = wanted.active;
    if (written.record == at->record) return update;
    exchange("update");
    // The hook may have moved the rows.
    for (ErpRow& row : rows) {
        if (row.record.erp_id == expected.erp_id) row = written;
    }
    ++writes;
    after("update");
    update.row = std::move(written);
    return update;
}

std::vector<ErpRow> MemoryErp::find_added(const Record& wanted) {
    exchange("find_added");
    const ErpAbilities abilities = erp_abilities(wanted.kind);
    std::vector<ErpRow> found;
    for (const ErpRow& row : rows_of(wanted.kind)) {
        bool same = row.problem.empty();
        for (std::size_t i = 0; same && i < wanted.values.size(); ++i) {
            same = !abilities.writable[i] || !wanted.values[i] || row.record.values[i] == wanted.values[i];
        }
        if (same) found.push_back(row);
    }
    return found;
}

}  // namespace metakocka::sync::testing
