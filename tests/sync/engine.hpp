// One whole run over any ports, put together as the module's instance does it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sync/guard.hpp"
#include "sync/plan.hpp"
#include "sync/ports.hpp"

namespace metakocka::sync::testing {

// The process was killed. No std::exception, because nothing survives to handle it.
struct Killed {};

struct RunKind {
    RecordKind kind{};
    std::optional<PlanPolicy> both_ways{};  // nothing: Metakocka → CRM
    bool verify = false;
    DeleteGuard guard{};
    std::optional<std::vector<std::string>> only{};  // a look at these records of the ERP
};

// A new run, or one that a crash interrupted: it goes on from its checkpoint.
Run run_whole(Ports ports, const RunKind& what, Run run);
// The same for a new one, named after the time.
Run run_whole(Ports ports, const RunKind& what, const std::string& checkpoint = "");

}  // namespace metakocka::sync::testing
