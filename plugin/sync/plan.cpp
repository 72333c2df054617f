#include "sync/plan.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "sync/field_groups.hpp"

namespace metakocka::sync {

namespace {

bool differs(const FieldGroup& group, const Record& one, const Record& two) {
    return std::any_of(group.begin(), group.end(),
                       [&](std::size_t field) { return one.values[field] != two.values[field]; });
}

void take(const FieldGroup& group, const Record& from, Record& to) {
    for (const std::size_t field : group) to.values[field] = from.values[field];
}

// Without a base nobody knows who changed what. What only one side filled in is that side's change; a null
// base makes the comparison say so. Where both filled in something, it says that both changed.
Record blank(const Record& like) {
    Record none(like.kind, like.erp_id);
    none.active = like.active;
    return none;
}

class Merge {
  public:
    Merge(const Record* base, const Version& erp, const Version& crm, const PlanPolicy& policy)
        : base_(base != nullptr ? *base : blank(erp.record)),
          agreed_before_(base != nullptr),
          erp_(erp),
          crm_(crm),
          policy_(policy) {
        plan_.erp = erp.record;
        plan_.crm = crm.record;
        plan_.base = base_;
    }

    Plan result() && {
        const auto& groups = field_groups(erp_.record.kind);
        for (std::size_t index = 0; index < groups.size(); ++index) merge(index, groups[index]);
        merge_active();
        const bool write_crm = plan_.crm != crm_.record;
        const bool write_erp = plan_.erp != erp_.record;
        plan_.decision = write_crm && write_erp ? Decision::kWriteBoth
                         : write_crm            ? Decision::kWriteCrm
                         : write_erp            ? Decision::kWriteErp
                                                : Decision::kNothing;
        return std::move(plan_);
    }

  private:
    void merge(std::size_t index, const FieldGroup& group) {
        if (!differs(group, erp_.record, crm_.record)) return take(group, erp_.record, plan_.base);
        const bool erp_changed = differs(group, erp_.record, base_);
        const bool crm_changed = differs(group, crm_.record, base_);
        Verdict verdict{.group = index, .ruling = Ruling::kErp, .by_tie_break = false};
        switch (policy_.direction) {
            case Direction::kMetakockaToCrm:
                break;
            case Direction::kCrmToMetakocka:
                verdict.ruling = Ruling::kCrm;
                break;
            case Direction::kBidirectional:
                if (erp_changed && crm_changed) {
                    verdict = decide(index, policy_.by_field[group.front()]);
                } else {
                    verdict.ruling = crm_changed ? Ruling::kCrm : Ruling::kErp;
                }
                break;
        }
        if (verdict.ruling == Ruling::kCrm && !erp_takes(group)) {
            verdict.ruling = policy_.given_up.contains(index) ? Ruling::kErp : Ruling::kUnwritable;
        }
        carry_out(verdict, group);
        if ((erp_changed && crm_changed) || verdict.ruling == Ruling::kUnwritable) {
            plan_.verdicts.push_back(verdict);
        }
    }

    Verdict decide(std::size_t index, ConflictPolicy policy) const {
        Verdict verdict{.group = index, .ruling = Ruling::kOpen, .by_tie_break = false};
        switch (policy) {
            case ConflictPolicy::kMetakockaWins:
                verdict.ruling = Ruling::kErp;
                break;
            case ConflictPolicy::kCrmWins:
                verdict.ruling = Ruling::kCrm;
                break;
            case ConflictPolicy::kManual:
                break;
            case ConflictPolicy::kNewestWins:
                if (erp_.changed.from > crm_.changed.to) {
                    verdict.ruling = Ruling::kErp;
                } else if (crm_.changed.from > erp_.changed.to) {
                    verdict.ruling = Ruling::kCrm;
                } else {
                    verdict.ruling = policy_.tie_break == Side::kErp ? Ruling::kErp : Ruling::kCrm;
                    verdict.by_tie_break = true;
                }
                break;
        }
        return verdict;
    }

    bool erp_takes(const FieldGroup& group) const {
        return std::all_of(group.begin(), group.end(), [this](std::size_t field) {
            const Value& wanted = crm_.record.values[field];
            return wanted == erp_.record.values[field] ||
                   (policy_.erp.writable[field] && (wanted || policy_.erp.clearable[field]));
        });
    }

    void carry_out(const Verdict& verdict, const FieldGroup& group) {
        switch (verdict.ruling) {
            case Ruling::kErp:
                keep_replaced(Side::kCrm, group, crm_.record, erp_.record);
                take(group, erp_.record, plan_.crm);
                take(group, erp_.record, plan_.base);
                break;
            case Ruling::kCrm:
                keep_replaced(Side::kErp, group, erp_.record, crm_.record);
                take(group, crm_.record, plan_.erp);
                take(group, crm_.record, plan_.base);
                break;
            case Ruling::kOpen:
            case Ruling::kUnwritable:
                break;
        }
    }

    void keep_replaced(Side side, const FieldGroup& group, const Record& before, const Record& after) {
        for (const std::size_t field : group) {
            const Value& old = before.values[field];
            if (old != base_.values[field] && old != after.values[field]) {
                plan_.replaced.push_back(
                    {.side = side, .field = field, .before = old, .after = after.values[field]});
            }
        }
    }

    // A flag has two values, so when both sides changed it they agree again. At the first match there is no
    // base to compare with: the direction decides, and the tie-break where both directions are open.
    void merge_active() {
        const bool erp = erp_.record.active;
        const bool crm = crm_.record.active;
        if (erp == crm) {
            plan_.base.active = erp;
            return;
        }
        Side wins = Side::kErp;
        if (policy_.direction == Direction::kCrmToMetakocka) {
            wins = Side::kCrm;
        } else if (policy_.direction == Direction::kBidirectional) {
            wins = !agreed_before_ ? policy_.tie_break : base_.active == crm ? Side::kErp : Side::kCrm;
        }
        if (wins == Side::kErp) {
            plan_.crm.active = plan_.base.active = erp;
        } else if (policy_.erp.deactivates) {
            plan_.erp.active = plan_.base.active = crm;
        } else {
            plan_.stays_active_in_erp = erp;
        }
    }

    Record base_;
    bool agreed_before_;
    const Version& erp_;
    const Version& crm_;
    const PlanPolicy& policy_;
    Plan plan_;
};

// Only one side has it now.
Plan plan_one_sided(const Record* base, const Version& here, Side side, const PlanPolicy& policy) {
    Plan plan;
    plan.erp = plan.crm = plan.base = here.record;
    const bool flows_from_here =
        policy.direction == Direction::kBidirectional ||
        policy.direction == (side == Side::kErp ? Direction::kMetakockaToCrm : Direction::kCrmToMetakocka);
    const bool flows_from_there = policy.direction == Direction::kBidirectional || !flows_from_here;
    if (base == nullptr) {
        const bool taken = flows_from_here && (side == Side::kErp || policy.erp.adds);
        const Decision create = side == Side::kErp ? Decision::kCreateCrm : Decision::kCreateErp;
        plan.decision = taken ? create : Decision::kExclude;
        return plan;
    }
    // It was on both sides, and the other side's is gone.
    if (!flows_from_there) {
        // This side is the master. Metakocka's master copy is simply brought back to the CRM; into the ledger
        // nothing is added again without a person who says so.
        const bool may_create =
            side == Side::kErp || (policy.deletion_decided == Side::kCrm && policy.erp.adds);
        plan.decision = side == Side::kErp                              ? Decision::kCreateCrm
                        : may_create                                    ? Decision::kCreateErp
                        : policy.deletion_decided && here.record.active ? Decision::kDeactivateCrm
                                                                        : Decision::kAsk;
        if (plan.decision == Decision::kDeactivateCrm) plan.crm.active = plan.base.active = false;
        return plan;
    }
    const bool changed_here = here.record.values != base->values || here.record.active != base->active;
    // Where only the other side counts, its deletion counts too; what was changed here stays in the history.
    const bool must_ask = changed_here && policy.direction != Direction::kMetakockaToCrm;
    const bool cant_add = side == Side::kCrm && policy.deletion_decided == side && !policy.erp.adds;
    if (must_ask && (!policy.deletion_decided || cant_add)) {
        plan.decision = Decision::kAsk;
    } else if (must_ask && policy.deletion_decided == side) {
        plan.decision = side == Side::kErp ? Decision::kCreateCrm : Decision::kCreateErp;
    } else if (!here.record.active) {
        plan.decision = Decision::kNothing;
    } else if (side == Side::kCrm) {
        plan.decision = Decision::kDeactivateCrm;
        plan.crm.active = plan.base.active = false;
    } else if (policy.erp.deactivates) {
        plan.decision = Decision::kDeactivateErp;
        plan.erp.active = plan.base.active = false;
    } else {
        plan.decision = Decision::kExclude;
    }
    return plan;
}

}  // namespace

ErpAbilities ErpAbilities::all(RecordKind kind) {
    const std::size_t count = schema(kind).size();
    return {.writable = std::vector<bool>(count, true),
            .clearable = std::vector<bool>(count, true),
            .deactivates = true,
            .adds = true};
}

ErpAbilities ErpAbilities::none(RecordKind kind) {
    const std::size_t count = schema(kind).size();
    return {.writable = std::vector<bool>(count, false),
            .clearable = std::vector<bool>(count, false),
            .deactivates = false,
            .adds = false};
}

PlanPolicy PlanPolicy::uniform(RecordKind kind, Direction direction, ConflictPolicy policy) {
    return {.direction = direction,
            .by_field = std::vector<ConflictPolicy>(schema(kind).size(), policy),
            .erp = ErpAbilities::all(kind),
            .tie_break = Side::kErp};
}

std::string_view to_text(Decision decision) {
    constexpr std::array<std::string_view, 11> kNames{"nothing",
                                                      "write crm",
                                                      "write metakocka",
                                                      "write both",
                                                      "create in crm",
                                                      "create in metakocka",
                                                      "deactivate crm",
                                                      "deactivate metakocka",
                                                      "ask",
                                                      "exclude",
                                                      "forget"};
    return kNames[static_cast<std::size_t>(decision)];
}

bool Plan::open() const {
    return decision == Decision::kAsk ||
           std::any_of(verdicts.begin(), verdicts.end(), [](const Verdict& verdict) {
               return verdict.ruling == Ruling::kOpen || verdict.ruling == Ruling::kUnwritable;
           });
}

Plan plan(const Record* base, const Version* erp, const Version* crm, const PlanPolicy& policy) {
    if (erp != nullptr && crm != nullptr) return Merge(base, *erp, *crm, policy).result();
    if (erp != nullptr) return plan_one_sided(base, *erp, Side::kErp, policy);
    if (crm != nullptr) return plan_one_sided(base, *crm, Side::kCrm, policy);
    Plan forget;
    forget.decision = Decision::kForget;
    return forget;
}

}  // namespace metakocka::sync
