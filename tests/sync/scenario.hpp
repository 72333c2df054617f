// A generated story: people edit both sides, clocks are put wrong, and runs are killed and fail in between.
// It is data, so that one that fails can be told again with steps left out.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sync/plan.hpp"

namespace metakocka::sync::testing {

struct Step {
    enum class What {
        kAddInErp,
        kAddInCrm,
        kEditInErp,
        kEditInCrm,
        kDeleteInErp,
        kDeleteInCrm,
        kSwitchInErp,  // active or not
        kSwitchInCrm,
        kReorderErp,  // its list comes in another order from now on
        kShiftOurClock,
        kShiftCrmClock,
        kDecide,  // about one conflict
        kRun,
    };
    What what{};
    std::uint64_t pick = 0;  // which record, of those that there are then; for clocks: odd is forwards
    std::uint64_t field = 0;
    // Of a run; 0 is never.
    bool verify = false;
    unsigned erp_fails_at = 0;      // the exchange that fails
    unsigned killed_at = 0;         // the commit before which the process ends
    std::uint64_t lost = 0;         // bit by bit: whether the answer to the ERP's next write is lost
    std::vector<Step> meanwhile{};  // what people do in the middle of it, one step per write to the CRM
};

struct Scenario {
    RecordKind kind{};
    PlanPolicy policy;
    std::size_t in_erp = 0;  // records at the beginning
    std::size_t in_crm = 0;
    std::vector<Step> steps;
};

Scenario make_scenario(std::uint64_t seed);

// Plays it until nothing moves any more. What rule was broken and how; "" when none. `told`, if given, takes
// what happened, in order.
std::string play(const Scenario& scenario, std::vector<std::string>* told = nullptr);

// A smaller scenario that still fails: leaves out steps, and parts of runs, as long as it does.
Scenario shrink(Scenario failing);

}  // namespace metakocka::sync::testing
