// The planner over generated records: what must be true of every plan, whatever the records and policies.
#include <algorithm>

#include <catch2/catch.hpp>

#include "../unit/model_random.hpp"
#include "sync/field_groups.hpp"
#include "sync/plan.hpp"

using namespace metakocka;
using namespace metakocka::sync;

namespace {

constexpr int kCases = 20'000;

const std::vector<ConflictPolicy> kPolicies{ConflictPolicy::kNewestWins, ConflictPolicy::kMetakockaWins,
                                            ConflictPolicy::kCrmWins, ConflictPolicy::kManual};
const std::vector<Direction> kDirections{Direction::kMetakockaToCrm, Direction::kCrmToMetakocka,
                                         Direction::kBidirectional};

// Few values, so that both sides often change to the same one.
Value value(test::Random& random) {
    static const std::vector<Value> kValues{std::nullopt, "a", "b", "č"};
    return random.of(kValues);
}

struct Case {
    std::optional<Record> base;
    std::optional<Version> erp;
    std::optional<Version> crm;
    PlanPolicy policy;

    Plan plan() const {
        return sync::plan(base ? &*base : nullptr, erp ? &*erp : nullptr, crm ? &*crm : nullptr, policy);
    }
};

Record record(RecordKind kind, test::Random& random) {
    Record made(kind, "1");
    made.active = random.chance(85);
    for (auto& field : made.values) field = value(random);
    return made;
}

Version edited(const Record& from, test::Random& random) {
    Version version{from, {}};
    version.changed.from = static_cast<Instant>(random.below(10));
    version.changed.to = version.changed.from + static_cast<Instant>(random.below(4));
    for (auto& field : version.record.values) {
        if (random.chance(25)) field = value(random);
    }
    if (random.chance(10)) version.record.active = !version.record.active;
    return version;
}

Case generate(test::Random& random, bool everything_writable = false) {
    Case made;
    const RecordKind kind = kAllKinds[random.below(kAllKinds.size())];
    const Record start = record(kind, random);
    if (random.chance(80)) made.base = start;
    if (random.chance(90)) made.erp = edited(start, random);
    if (random.chance(90)) made.crm = edited(start, random);
    made.policy = PlanPolicy::uniform(kind, random.of(kDirections), ConflictPolicy::kManual);
    for (auto& policy : made.policy.by_field) policy = random.of(kPolicies);
    if (random.chance(30)) made.policy.tie_break = Side::kCrm;
    if (!everything_writable) {
        for (std::size_t i = 0; i < made.policy.erp.writable.size(); ++i) {
            made.policy.erp.writable[i] = random.chance(90);
            made.policy.erp.clearable[i] = random.chance(70);
        }
        made.policy.erp.deactivates = random.chance(70);
    }
    return made;
}

// Both sides after the plan was carried out. Our own writes are no change of a side, so the spans stay.
Case carried_out(Case before, const Plan& plan) {
    const auto write = [](std::optional<Version>& side, const Record& record) {
        side = Version{record, side ? side->changed : Span{}};
    };
    switch (plan.decision) {
        case Decision::kWriteCrm:
        case Decision::kCreateCrm:
        case Decision::kDeactivateCrm:
            write(before.crm, plan.crm);
            break;
        case Decision::kWriteErp:
        case Decision::kCreateErp:
        case Decision::kDeactivateErp:
            write(before.erp, plan.erp);
            break;
        case Decision::kWriteBoth:
            write(before.crm, plan.crm);
            write(before.erp, plan.erp);
            break;
        case Decision::kNothing:
        case Decision::kAsk:
        case Decision::kExclude:
            break;
        case Decision::kForget:
            before.base.reset();
            return before;
    }
    if (before.erp && before.crm) before.base = plan.base;
    return before;
}

Ruling mirrored(Ruling ruling) {
    return ruling == Ruling::kErp ? Ruling::kCrm : ruling == Ruling::kCrm ? Ruling::kErp : ruling;
}

Decision mirrored(Decision decision) {
    switch (decision) {
        case Decision::kWriteCrm:
            return Decision::kWriteErp;
        case Decision::kWriteErp:
            return Decision::kWriteCrm;
        case Decision::kCreateCrm:
            return Decision::kCreateErp;
        case Decision::kCreateErp:
            return Decision::kCreateCrm;
        case Decision::kDeactivateCrm:
            return Decision::kDeactivateErp;
        case Decision::kDeactivateErp:
            return Decision::kDeactivateCrm;
        default:
            return decision;
    }
}

Case mirrored(Case given) {
    std::swap(given.erp, given.crm);
    for (auto& policy : given.policy.by_field) {
        if (policy == ConflictPolicy::kMetakockaWins) {
            policy = ConflictPolicy::kCrmWins;
        } else if (policy == ConflictPolicy::kCrmWins) {
            policy = ConflictPolicy::kMetakockaWins;
        }
    }
    given.policy.tie_break = other(given.policy.tie_break);
    return given;
}

template <typename Check>
void for_cases(Check check, bool everything_writable = false) {
    test::Random random;
    for (int i = 0; i < kCases; ++i) {
        INFO(random.replay() << ", case " << i);
        check(generate(random, everything_writable));
    }
}

}  // namespace

TEST_CASE("rule 1: once a plan is carried out, the next one writes nothing") {
    for_cases([](const Case& given) {
        const Plan first = given.plan();
        const Case after = carried_out(given, first);
        const Plan second = after.plan();
        const bool rests = second.decision == Decision::kNothing || second.decision == Decision::kAsk ||
                           second.decision == Decision::kExclude || second.decision == Decision::kForget;
        if (!rests) FAIL("the second plan wants to " << to_text(second.decision));
        if (second.decision == Decision::kNothing && after.erp && after.crm && second.base != *after.base) {
            FAIL("the base moved again");
        }
    });
}

TEST_CASE("rule 1: what is not open is equal afterwards") {
    for_cases(
        [](const Case& given) {
            const Plan made = given.plan();
            const Case after = carried_out(given, made);
            if (!after.erp || !after.crm || made.open()) return;
            if (after.erp->record != after.crm->record) FAIL("the sides differ and nothing says why");
            if (after.base && *after.base != after.erp->record) FAIL("the base is not what both agreed on");
        },
        true);
}

TEST_CASE("rule 4: what was changed on a side is replaced only when the plan says so") {
    for_cases([](const Case& given) {
        const Plan made = given.plan();
        if (!given.erp || !given.crm) return;
        const auto check = [&](Side side, const Record& before, const Record& after) {
            for (std::size_t field = 0; field < before.values.size(); ++field) {
                if (before.values[field] == after.values[field]) continue;
                const bool own_change =
                    before.values[field] != (given.base ? given.base->values[field] : Value{});
                if (!own_change) continue;
                const bool told =
                    std::any_of(made.replaced.begin(), made.replaced.end(), [&](const Replaced& r) {
                        return r.side == side && r.field == field && r.before == before.values[field] &&
                               r.after == after.values[field];
                    });
                if (!told) FAIL("field " << field << " was replaced silently");
            }
        };
        check(Side::kErp, given.erp->record, made.erp);
        check(Side::kCrm, given.crm->record, made.crm);
    });
}

TEST_CASE("rule 5: gone on one side and changed on the other is never decided silently") {
    for_cases([](const Case& given) {
        if (!given.base || given.erp.has_value() == given.crm.has_value()) return;
        const Record& here = given.erp ? given.erp->record : given.crm->record;
        if (here == *given.base || given.policy.direction != Direction::kBidirectional) return;
        if (given.plan().decision != Decision::kAsk) FAIL("decided: " << to_text(given.plan().decision));
    });
}

TEST_CASE(
    "rule 8: nothing is written to Metakocka in the direction Metakocka to CRM, nor what it does not take") {
    for_cases([](const Case& given) {
        const Plan made = given.plan();
        if (!given.erp) return;
        if (given.policy.direction == Direction::kMetakockaToCrm && made.erp != given.erp->record) {
            FAIL("the ERP would be written");
        }
        if (!given.crm) return;
        for (std::size_t field = 0; field < made.erp.values.size(); ++field) {
            const Value& wanted = made.erp.values[field];
            if (wanted == given.erp->record.values[field]) continue;
            if (!given.policy.erp.writable[field]) FAIL("field " << field << " can't be written");
            if (!wanted && !given.policy.erp.clearable[field]) FAIL("field " << field << " can't be cleared");
        }
    });
}

TEST_CASE("a group of fields is never mixed from both sides") {
    for_cases([](const Case& given) {
        const Plan made = given.plan();
        if (!given.erp || !given.crm) return;
        const auto equal = [](const FieldGroup& group, const Record& one, const Record& two) {
            return std::all_of(group.begin(), group.end(),
                               [&](std::size_t field) { return one.values[field] == two.values[field]; });
        };
        for (const auto& group : field_groups(made.erp.kind)) {
            for (const Record* const result : {&made.erp, &made.crm}) {
                if (!equal(group, *result, given.erp->record) && !equal(group, *result, given.crm->record)) {
                    FAIL("mixed");
                }
            }
        }
    });
}

TEST_CASE("both sides are treated alike: exchanged, the plan is exchanged") {
    for_cases(
        [](Case given) {
            // Both one-sided directions have a master of their own; what a deletion means there differs on
            // purpose, so only what goes both ways is compared.
            given.policy.direction = Direction::kBidirectional;
            const Plan straight = given.plan();
            const Plan turned = mirrored(given).plan();
            if (turned.decision != mirrored(straight.decision)) {
                FAIL(to_text(straight.decision) << " turned to " << to_text(turned.decision));
            }
            if (given.erp && given.crm) {
                if (turned.erp != straight.crm || turned.crm != straight.erp ||
                    turned.base != straight.base) {
                    FAIL("the records are not exchanged");
                }
                if (turned.verdicts.size() != straight.verdicts.size()) FAIL("other verdicts");
                for (std::size_t i = 0; i < turned.verdicts.size(); ++i) {
                    if (turned.verdicts[i].ruling != mirrored(straight.verdicts[i].ruling))
                        FAIL("another ruling");
                }
            }
        },
        true);
}

TEST_CASE("every field is in exactly one group") {
    for (const RecordKind kind : kAllKinds) {
        std::vector<int> met(schema(kind).size());
        for (const auto& group : field_groups(kind)) {
            for (const std::size_t field : group) ++met.at(field);
        }
        CHECK(std::all_of(met.begin(), met.end(), [](int times) { return times == 1; }));
    }
}

TEST_CASE("an issued invoice takes nothing from the CRM, and says so") {
    Record base(RecordKind::kInvoices, "1");
    base.at("dueDate") = "2026-11-30";
    Version erp{base, {}};
    Version crm{base, {}};
    crm.record.at("dueDate") = "2026-12-24";
    auto policy =
        PlanPolicy::uniform(RecordKind::kInvoices, Direction::kBidirectional, ConflictPolicy::kCrmWins);
    policy.erp = ErpAbilities::none(RecordKind::kInvoices);
    const Plan made = plan(&base, &erp, &crm, policy);
    CHECK(made.decision == Decision::kNothing);
    REQUIRE(made.verdicts.size() == 1);
    CHECK(made.verdicts[0].ruling == Ruling::kUnwritable);
    CHECK(made.open());
    CHECK(made.base == base);
}

TEST_CASE("a contact that was switched off in the CRM stays so, and Metakocka is not asked to follow") {
    Record base(RecordKind::kContacts, "1");
    base.at("name") = "Čebela d.o.o.";
    Version erp{base, {}};
    Version crm{base, {}};
    crm.record.active = false;
    auto policy =
        PlanPolicy::uniform(RecordKind::kContacts, Direction::kBidirectional, ConflictPolicy::kNewestWins);
    policy.erp.deactivates = false;
    CHECK(plan(&base, &erp, &crm, policy).decision == Decision::kNothing);
    erp.record.at("name") = "Čebela s.p.";
    const Plan made = plan(&base, &erp, &crm, policy);
    CHECK(made.decision == Decision::kWriteCrm);
    CHECK(made.crm.at("name") == Value{"Čebela s.p."});
    CHECK_FALSE(made.crm.active);
}
