// A record that waits for a person: both sides changed the same fields and the policy does not decide, or it
// is gone on one side and changed on the other.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "model/record.hpp"
#include "sync/plan.hpp"

namespace metakocka::sync {

// How a person decided: by side for the whole record, or for single groups of fields.
struct Resolution {
    std::optional<Side> whole;
    std::map<std::size_t, Side> by_group;  // group in field_groups(kind)

    friend bool operator==(const Resolution&, const Resolution&) = default;
};

struct Conflict {
    RecordKind kind{};
    std::string crm_id;
    std::string erp_id;
    Instant since = 0;
    std::string reason;
    std::optional<Record> base;
    std::optional<Version> erp;  // nothing: gone there
    std::optional<Version> crm;
    std::vector<Verdict> verdicts;         // what is open; empty when the whole record is
    std::optional<Resolution> resolution;  // nothing while nobody has decided
};

// Everything but kind, crm_id, erp_id and since as text, for storing.
std::string encode(const Conflict& conflict);
// Fills those of `conflict` from text that encode() made; `conflict.kind` and `erp_id` must be set.
void decode(std::string_view text, Conflict& conflict);

// The policy under which the planner does what the person decided.
PlanPolicy decided(PlanPolicy policy, RecordKind kind, const Resolution& resolution);

}  // namespace metakocka::sync
