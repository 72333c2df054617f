// The planner's policy out of what the user chose and what the ERP takes.
#pragma once

#include <string>

#include "model/settings.hpp"
#include "sync/plan.hpp"

namespace metakocka::sync {

// Of a kind whose direction is not metakocka_to_crm. Where the settings keep the ERP from being written, it
// takes nothing. Fields that belong together (field_groups) have one policy: the first that is set for one of
// them.
PlanPolicy chosen_policy(RecordKind kind, const Settings& settings);

// The settings that let the ERP be written, for the audit trail; "" when none does.
std::string write_permission(RecordKind kind, const Settings& settings);

// What decides how records of this kind are judged, as text: when it changes, all are judged anew.
std::string judging_rules(RecordKind kind, const Settings& settings);

}  // namespace metakocka::sync
