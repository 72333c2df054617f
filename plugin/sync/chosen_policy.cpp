#include "sync/chosen_policy.hpp"

#include "sync/erp_limits.hpp"
#include "sync/field_groups.hpp"

namespace metakocka::sync {

PlanPolicy chosen_policy(RecordKind kind, const Settings& settings) {
    const ConflictRules& rules = settings.conflicts(kind);
    PlanPolicy policy = PlanPolicy::uniform(kind, settings.direction(kind), rules.standard);
    policy.erp = settings.writes_to_erp(kind) ? erp_abilities(kind) : ErpAbilities::none(kind);
    const auto fields = schema(kind);
    for (const auto& group : field_groups(kind)) {
        for (const std::size_t field : group) {
            const auto rule = rules.by_field.find(fields[field].name);
            if (rule == rules.by_field.end()) continue;
            for (const std::size_t member : group) policy.by_field[member] = rule->second;
            break;
        }
    }
    return policy;
}

std::string write_permission(RecordKind kind, const Settings& settings) {
    if (!settings.writes_to_erp(kind)) return {};
    std::string text =
        "direction." + std::string(to_text(kind)) + '=' + std::string(to_text(settings.direction(kind)));
    if (kind != RecordKind::kContacts) text += ", writeProtection=false";
    return text;
}

std::string judging_rules(RecordKind kind, const Settings& settings) {
    return std::string(to_text(settings.direction(kind))) +
           (settings.writes_to_erp(kind) ? " writing" : " reading");
}

}  // namespace metakocka::sync
