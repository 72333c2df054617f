#include "routes/conflict_json.hpp"

#include <algorithm>
#include <optional>

#include "routes/rendering.hpp"
#include "sync/chosen_policy.hpp"
#include "sync/field_groups.hpp"

namespace metakocka::routes {

namespace {

namespace json = boost::json;
using sync::Side;

constexpr std::string_view kMetakocka = "metakocka";
constexpr std::string_view kCrm = "crm";

std::string_view name_of(Side side) {
    return side == Side::kErp ? kMetakocka : kCrm;
}

std::optional<Side> side_named(const json::value& value) {
    if (!value.is_string()) return std::nullopt;
    if (value.as_string() == kMetakocka) return Side::kErp;
    if (value.as_string() == kCrm) return Side::kCrm;
    return std::nullopt;
}

json::value value_in(const std::optional<Record>& record, std::size_t field) {
    if (!record || !record->values[field]) return nullptr;
    return json::value(*record->values[field]);
}

std::optional<Record> record_of(const std::optional<sync::Version>& version) {
    return version ? std::optional(version->record) : std::nullopt;
}

json::value span_json(const std::optional<sync::Version>& version) {
    if (!version) return nullptr;
    return json::object{{"from", to_json_time(version->changed.from)},
                        {"to", to_json_time(version->changed.to)}};
}

// Which side's change is the newer one; null when nobody knows.
json::value newer_side(const sync::Conflict& conflict) {
    if (!conflict.erp || !conflict.crm) return nullptr;
    if (conflict.erp->changed.from > conflict.crm->changed.to) return json::value(kMetakocka);
    if (conflict.crm->changed.from > conflict.erp->changed.to) return json::value(kCrm);
    return nullptr;
}

bool removed(const sync::Conflict& conflict) {
    return !conflict.erp || !conflict.crm;
}

json::object field_json(const sync::Conflict& conflict, std::size_t field, ConflictPolicy policy,
                        bool writable) {
    return {{"field", schema(conflict.kind)[field].name},
            {"base", value_in(conflict.base, field)},
            {"metakocka", value_in(record_of(conflict.erp), field)},
            {"crm", value_in(record_of(conflict.crm), field)},
            {"policy", to_text(policy)},
            {"metakockaTakesIt", writable}};
}

json::array fields_json(const sync::Conflict& conflict, const sync::PlanPolicy& policy) {
    json::array fields;
    const auto& groups = sync::field_groups(conflict.kind);
    for (const auto& verdict : conflict.verdicts) {
        for (const std::size_t field : groups[verdict.group]) {
            fields.push_back(field_json(conflict, field, policy.by_field[field],
                                        verdict.ruling != sync::Ruling::kUnwritable));
        }
    }
    if (!removed(conflict)) return fields;
    const Record& here = conflict.erp ? conflict.erp->record : conflict.crm->record;
    for (std::size_t field = 0; field < here.values.size(); ++field) {
        if (conflict.base && conflict.base->values[field] == here.values[field]) continue;
        fields.push_back(field_json(conflict, field, policy.by_field[field], true));
    }
    return fields;
}

json::value resolution_json(const sync::Conflict& conflict) {
    if (!conflict.resolution) return nullptr;
    if (conflict.resolution->whole) return json::value(name_of(*conflict.resolution->whole));
    json::object fields;
    const auto& groups = sync::field_groups(conflict.kind);
    for (const auto& [group, side] : conflict.resolution->by_group) {
        for (const std::size_t field : groups[group]) {
            fields[schema(conflict.kind)[field].name] = name_of(side);
        }
    }
    return fields;
}

// What the record is called, for people who know no ids.
json::value title_of(const sync::Conflict& conflict) {
    for (const auto& record : {record_of(conflict.crm), record_of(conflict.erp), conflict.base}) {
        if (record && record->at("name")) return json::value(*record->at("name"));
    }
    return nullptr;
}

class ResolutionReader {
  public:
    explicit ResolutionReader(const sync::Conflict& conflict) : conflict_(conflict) {}

    sync::Resolution read(const json::value& body) {
        const auto* value = body.is_object() ? body.as_object().if_contains("resolution") : nullptr;
        if (value == nullptr || body.as_object().size() != 1) {
            fail("resolution", "must be there, and nothing else");
        } else if (const auto side = side_named(*value)) {
            whole(*side);
        } else if (value->is_object() && !removed(conflict_) && !value->as_object().empty()) {
            for (const auto& entry : value->as_object()) field(entry.key(), entry.value());
        } else {
            fail("resolution", removed(conflict_) ? "must be metakocka or crm"
                                                  : "must be metakocka, crm or an object of fields");
        }
        if (!errors_.empty()) throw Problem{400, "Bad Request", "Nothing was changed.", errors_, {}};
        return resolution_;
    }

  private:
    void whole(Side side) {
        const bool taken =
            removed(conflict_) || side == Side::kErp ||
            std::any_of(conflict_.verdicts.begin(), conflict_.verdicts.end(),
                        [](const auto& verdict) { return verdict.ruling != sync::Ruling::kUnwritable; });
        if (!taken) return fail("resolution", kNotTaken);
        resolution_.whole = side;
    }

    void field(std::string_view name, const json::value& value) {
        const std::string path = "resolution." + std::string(name);
        const auto side = side_named(value);
        if (!side) return fail(path, "must be metakocka or crm");
        const auto& groups = sync::field_groups(conflict_.kind);
        for (const auto& verdict : conflict_.verdicts) {
            for (const std::size_t member : groups[verdict.group]) {
                if (schema(conflict_.kind)[member].name != name) continue;
                if (*side == Side::kCrm && verdict.ruling == sync::Ruling::kUnwritable) {
                    return fail(path, kNotTaken);
                }
                const auto [chosen, first] = resolution_.by_group.try_emplace(verdict.group, *side);
                if (!first && chosen->second != *side) {
                    fail(path, "belongs together with another field that the other side is to win");
                }
                return;
            }
        }
        fail(path, "is not in conflict");
    }

    void fail(std::string path, std::string message) {
        errors_.push_back({std::move(path), std::move(message)});
    }

    static constexpr char kNotTaken[] =
        "can't be crm: Metakocka does not take this change; change it there, or choose metakocka";

    const sync::Conflict& conflict_;
    sync::Resolution resolution_;
    std::vector<FieldError> errors_;
};

}  // namespace

std::string conflict_id(const sync::Conflict& conflict) {
    return std::string(to_text(conflict.kind)) + '.' + conflict.crm_id;
}

json::object to_json(const sync::Conflict& conflict, const Settings& settings) {
    const std::string_view what = !conflict.erp   ? "removed_in_metakocka"
                                  : !conflict.crm ? "removed_in_crm"
                                                  : "fields";
    return {
        {"id", conflict_id(conflict)},
        {"type", to_text(conflict.kind)},
        {"crmId", conflict.crm_id},
        {"externalId", text_or_null(conflict.erp_id)},
        {"title", title_of(conflict)},
        {"since", to_json_time(conflict.since)},
        {"what", what},
        {"reason", conflict.reason},
        {"fields", fields_json(conflict, sync::chosen_policy(conflict.kind, settings))},
        {"changed", json::object{{"metakocka", span_json(conflict.erp)}, {"crm", span_json(conflict.crm)}}},
        {"newer", newer_side(conflict)},
        {"resolution", resolution_json(conflict)}};
}

sync::Resolution read_resolution(const json::value& body, const sync::Conflict& conflict) {
    return ResolutionReader(conflict).read(body);
}

}  // namespace metakocka::routes
