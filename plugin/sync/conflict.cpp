#include "sync/conflict.hpp"

#include <boost/json.hpp>

#include "sync/field_groups.hpp"

namespace metakocka::sync {

namespace {

namespace json = boost::json;

json::value version_json(const std::optional<Version>& version) {
    if (!version) return nullptr;
    return {{"record", encode_record(version->record)},
            {"from", version->changed.from},
            {"to", version->changed.to}};
}

std::optional<Version> version_from(const json::value& value, const Conflict& conflict) {
    if (value.is_null()) return std::nullopt;
    const auto& object = value.as_object();
    return Version{
        decode_record(conflict.kind, conflict.erp_id, std::string_view(object.at("record").as_string())),
        {.from = object.at("from").to_number<Instant>(), .to = object.at("to").to_number<Instant>()}};
}

json::value resolution_json(const std::optional<Resolution>& resolution) {
    if (!resolution) return nullptr;
    json::object by_group;
    for (const auto& [group, side] : resolution->by_group) {
        by_group[std::to_string(group)] = static_cast<int>(side);
    }
    return {{"whole", resolution->whole ? json::value(static_cast<int>(*resolution->whole)) : json::value()},
            {"groups", std::move(by_group)}};
}

std::optional<Resolution> resolution_from(const json::value& value) {
    if (value.is_null()) return std::nullopt;
    Resolution resolution;
    const auto& object = value.as_object();
    if (const auto& whole = object.at("whole"); !whole.is_null()) {
        resolution.whole = static_cast<Side>(whole.to_number<int>());
    }
    for (const auto& entry : object.at("groups").as_object()) {
        resolution.by_group[std::stoul(std::string(entry.key()))] =
            static_cast<Side>(entry.value().to_number<int>());
    }
    return resolution;
}

}  // namespace

std::string encode(const Conflict& conflict) {
    json::array verdicts;
    for (const auto& verdict : conflict.verdicts) {
        verdicts.push_back({verdict.group, static_cast<int>(verdict.ruling), verdict.by_tie_break});
    }
    return json::serialize(
        json::object{{"reason", conflict.reason},
                     {"base", conflict.base ? json::value(encode_record(*conflict.base)) : json::value()},
                     {"erp", version_json(conflict.erp)},
                     {"crm", version_json(conflict.crm)},
                     {"verdicts", std::move(verdicts)},
                     {"resolution", resolution_json(conflict.resolution)}});
}

void decode(std::string_view text, Conflict& conflict) {
    const json::value parsed = json::parse(text);
    const auto& object = parsed.as_object();
    conflict.reason = std::string_view(object.at("reason").as_string());
    if (const auto& base = object.at("base"); !base.is_null()) {
        conflict.base = decode_record(conflict.kind, conflict.erp_id, std::string_view(base.as_string()));
    }
    conflict.erp = version_from(object.at("erp"), conflict);
    conflict.crm = version_from(object.at("crm"), conflict);
    for (const auto& item : object.at("verdicts").as_array()) {
        const auto& parts = item.as_array();
        conflict.verdicts.push_back({.group = parts.at(0).to_number<std::size_t>(),
                                     .ruling = static_cast<Ruling>(parts.at(1).to_number<int>()),
                                     .by_tie_break = parts.at(2).as_bool()});
    }
    conflict.resolution = resolution_from(object.at("resolution"));
}

PlanPolicy decided(PlanPolicy policy, RecordKind kind, const Resolution& resolution) {
    const auto wins = [](Side side) {
        return side == Side::kErp ? ConflictPolicy::kMetakockaWins : ConflictPolicy::kCrmWins;
    };
    const auto& groups = field_groups(kind);
    for (std::size_t index = 0; index < groups.size(); ++index) {
        const auto chosen = resolution.by_group.find(index);
        if (chosen == resolution.by_group.end() && !resolution.whole) continue;
        const Side side = chosen != resolution.by_group.end() ? chosen->second : *resolution.whole;
        for (const std::size_t field : groups[index]) policy.by_field[field] = wins(side);
        if (side == Side::kErp) policy.given_up.insert(index);
    }
    policy.deletion_decided = resolution.whole;
    return policy;
}

}  // namespace metakocka::sync
