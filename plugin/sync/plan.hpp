// What to do with one thing that both sides may have changed: a pure function of what both agreed on last,
// what each has now, and what the user chose (design.md §5). No I/O, no clock, no memory between calls.
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string_view>
#include <vector>

#include "model/record.hpp"
#include "model/settings.hpp"
#include "sync/clock.hpp"
#include "sync/side.hpp"

namespace metakocka::sync {

// When something changed: at some instant in here, both ends included. Metakocka tells no time for products
// and partners, so the interval between two readings is all that is known.
struct Span {
    Instant from = 0;
    Instant to = 0;
};

struct Version {
    Record record;  // references by the ERP's ids on both sides
    Span changed;   // by somebody else than this connector: its own writes make no side the newer one
};

// What the ERP takes of a record of this kind.
struct ErpAbilities {
    std::vector<bool> writable;   // by field
    std::vector<bool> clearable;  // by field: a value can be replaced by none
    bool deactivates = false;
    bool adds = false;  // new records

    static ErpAbilities all(RecordKind kind);
    static ErpAbilities none(RecordKind kind);
};

struct PlanPolicy {
    Direction direction{};
    std::vector<ConflictPolicy> by_field;  // of a group, its first field's counts
    ErpAbilities erp;
    Side tie_break = Side::kErp;  // when newest wins and the order is not known
    // Gone on one side and changed on the other: whose state counts, once a person has decided.
    std::optional<Side> deletion_decided = {};
    // Groups in which a person gave up a change of the CRM that the ERP does not take.
    std::set<std::size_t> given_up = {};

    // The same policy for every field; the ERP takes everything.
    static PlanPolicy uniform(RecordKind kind, Direction direction, ConflictPolicy policy);
};

// What is to be done with the thing as a whole. Both sides' records are in Plan where one is written.
enum class Decision {
    kNothing,        // neither side is written; the base may still move
    kWriteCrm,       // the CRM's record takes Plan::crm
    kWriteErp,       // the ERP's record takes Plan::erp
    kWriteBoth,      //
    kCreateCrm,      // the CRM has none: it gets Plan::crm
    kCreateErp,      // the ERP has none: it gets Plan::erp
    kDeactivateCrm,  // the ERP's is gone
    kDeactivateErp,  // the CRM's is gone
    kAsk,            // gone on one side and changed on the other: a person decides
    kExclude,        // only one side has it, and the direction does not take it to the other
    kForget,         // gone on both sides: the link may go
};

std::string_view to_text(Decision decision);

enum class Ruling {
    kErp,         // the ERP's values go to the CRM
    kCrm,         // the CRM's values go to the ERP
    kOpen,        // a person decides; each side keeps its own
    kUnwritable,  // the ERP does not take the CRM's change; each side keeps its own
};

// One group of fields in which the sides differ in more than one side's plain change.
struct Verdict {
    std::size_t group = 0;  // in field_groups(kind)
    Ruling ruling{};
    bool by_tie_break = false;  // newest wins, but nobody knows which is newer: listed for a person to see
};

// A value that was changed since the base and is replaced by the other side's: it must stay in the history.
struct Replaced {
    Side side{};
    std::size_t field = 0;
    Value before;
    Value after;
};

struct Plan {
    Decision decision{};
    Record erp;   // as the ERP is to be, where it is written
    Record crm;   // as the CRM is to be, where it is written
    Record base;  // what both agree on once the plan is carried out
    std::vector<Verdict> verdicts;
    std::vector<Replaced> replaced;
    bool stays_active_in_erp = false;  // switched off in the CRM, and the ERP does not take that

    // Something waits for a person.
    bool open() const;
};

// Null: no base (never agreed), not in the ERP, not in the CRM. All that are given are of one kind.
// Symmetric but for what only the ERP can't do: with the sides, the direction, the policies and the tie-break
// exchanged, the plan is the same with the sides exchanged.
Plan plan(const Record* base, const Version* erp, const Version* crm, const PlanPolicy& policy);

}  // namespace metakocka::sync
