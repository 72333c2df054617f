#include "scenario.hpp"

#include <array>
#include <random>

#include "sync/erp_limits.hpp"

namespace metakocka::sync::testing {

namespace {

class Dice {
  public:
    explicit Dice(std::uint64_t seed) : engine_(seed) {}
    std::uint64_t any() { return engine_(); }
    std::size_t below(std::size_t bound) { return engine_() % bound; }
    bool chance(unsigned percent) { return below(100) < percent; }

  private:
    std::mt19937_64 engine_;
};

Step a_persons(Dice& dice) {
    using What = Step::What;
    // Edits are what people do most.
    static constexpr std::array kOften{
        What::kEditInErp,   What::kEditInErp,     What::kEditInErp,     What::kEditInErp,
        What::kEditInErp,   What::kEditInCrm,     What::kEditInCrm,     What::kEditInCrm,
        What::kEditInCrm,   What::kEditInCrm,     What::kAddInErp,      What::kAddInCrm,
        What::kAddInCrm,    What::kDeleteInErp,   What::kDeleteInCrm,   What::kSwitchInErp,
        What::kSwitchInCrm, What::kReorderErp,    What::kDecide,        What::kDecide,
        What::kDecide,      What::kShiftOurClock, What::kShiftCrmClock,
    };
    return {.what = kOften[dice.below(kOften.size())], .pick = dice.any(), .field = dice.any()};
}

Step a_run(Dice& dice) {
    Step run{.what = Step::What::kRun, .verify = dice.chance(10)};
    if (dice.chance(40)) run.erp_fails_at = 1 + static_cast<unsigned>(dice.below(12));
    if (dice.chance(40)) run.killed_at = 1 + static_cast<unsigned>(dice.below(8));
    if (dice.chance(40)) run.lost = dice.any();
    if (dice.chance(30)) {
        for (std::size_t i = 1 + dice.below(2); i > 0; --i) run.meanwhile.push_back(a_persons(dice));
    }
    return run;
}

bool fails(const Scenario& scenario) {
    return !play(scenario).empty();
}

}  // namespace

Scenario make_scenario(std::uint64_t seed) {
    Dice dice(seed);
    Scenario made;
    made.kind = dice.chance(50) ? RecordKind::kContacts : RecordKind::kProducts;
    static constexpr std::array kDirections{Direction::kBidirectional, Direction::kBidirectional,
                                            Direction::kCrmToMetakocka, Direction::kMetakockaToCrm};
    made.policy = PlanPolicy::uniform(made.kind, kDirections[dice.below(kDirections.size())],
                                      ConflictPolicy::kNewestWins);
    made.policy.erp = erp_abilities(made.kind);
    for (auto& policy : made.policy.by_field) policy = static_cast<ConflictPolicy>(dice.below(4));
    made.in_erp = 1 + dice.below(12);
    made.in_crm = dice.below(6);
    for (std::size_t round = 1 + dice.below(5); round > 0; --round) {
        for (std::size_t i = dice.below(8); i > 0; --i) made.steps.push_back(a_persons(dice));
        made.steps.push_back(a_run(dice));
    }
    return made;
}

Scenario shrink(Scenario failing) {
    const auto try_it = [&failing](const auto& change) {
        Scenario smaller = failing;
        change(smaller);
        if (!fails(smaller)) return false;
        failing = std::move(smaller);
        return true;
    };
    for (bool smaller = true; smaller;) {
        smaller = false;
        for (std::size_t i = failing.steps.size(); i-- > 0;) {
            const auto at = static_cast<std::ptrdiff_t>(i);
            if (try_it([&](Scenario& s) { s.steps.erase(s.steps.begin() + at); })) {
                smaller = true;
                continue;
            }
            const Step& step = failing.steps[i];
            if (step.erp_fails_at > 0) smaller |= try_it([&](Scenario& s) { s.steps[i].erp_fails_at = 0; });
            if (step.killed_at > 0) smaller |= try_it([&](Scenario& s) { s.steps[i].killed_at = 0; });
            if (step.lost > 0) smaller |= try_it([&](Scenario& s) { s.steps[i].lost = 0; });
            if (step.verify) smaller |= try_it([&](Scenario& s) { s.steps[i].verify = false; });
            if (!step.meanwhile.empty())
                smaller |= try_it([&](Scenario& s) { s.steps[i].meanwhile.pop_back(); });
        }
        if (failing.in_erp > 0) smaller |= try_it([](Scenario& s) { --s.in_erp; });
        if (failing.in_crm > 0) smaller |= try_it([](Scenario& s) { --s.in_crm; });
    }
    return failing;
}

}  // namespace metakocka::sync::testing
