#include "model/settings.hpp"

#include <algorithm>

#include <boost/json.hpp>

namespace metakocka {

namespace {

namespace json = boost::json;

constexpr std::uint32_t kMaxIntervalMinutes = 1440;
constexpr std::uint32_t kMaxGuardRecords = 1'000'000;
constexpr std::array kDirections{Direction::kMetakockaToCrm, Direction::kCrmToMetakocka,
                                 Direction::kBidirectional};
constexpr std::array kPolicies{ConflictPolicy::kNewestWins, ConflictPolicy::kMetakockaWins,
                               ConflictPolicy::kCrmWins, ConflictPolicy::kManual};

// "one, two or three"
template <class Choices>
std::string choice_of(const Choices& choices) {
    std::string text;
    for (std::size_t i = 0; i < choices.size(); ++i) {
        text += i == 0 ? "" : i + 1 == choices.size() ? " or " : ", ";
        text += to_text(choices[i]);
    }
    return text;
}

// Walks a patch, collects what is wrong with it and changes the settings where it is right.
class Patch {
  public:
    explicit Patch(Settings& settings) : settings_(settings) {}

    std::vector<SettingsError> apply(const json::value& value) {
        object("", value, [this](std::string_view name, const std::string& path, const json::value& member) {
            top(name, path, member);
        });
        return std::move(errors_);
    }

  private:
    template <class Member>
    void object(const std::string& path, const json::value& value, Member member) {
        if (!value.is_object()) return fail(path, "must be an object");
        for (const auto& entry : value.as_object()) {
            const std::string name(entry.key());
            member(name, path.empty() ? name : path + '.' + name, entry.value());
        }
    }

    void top(std::string_view name, const std::string& path, const json::value& value) {
        if (name == "enabled") return flag(path, value, settings_.enabled);
        if (name == "realTimeEnabled") return flag(path, value, settings_.real_time_enabled);
        if (name == "webhooksEnabled") return flag(path, value, settings_.webhooks_enabled);
        if (name == "writeProtection") return flag(path, value, settings_.write_protection);
        if (name == "intervals") return intervals(path, value);
        if (name == "direction") return directions(path, value);
        if (name == "conflictPolicy") return conflict_policies(path, value);
        if (name == "filters") return filters(path, value);
        if (name == "deleteGuard") return guard(path, value);
        fail(path, "is not a setting");
    }

    void intervals(const std::string& at, const json::value& value) {
        object(at, value, [this](std::string_view name, const std::string& path, const json::value& minutes) {
            const auto kind = parse_kind(name);
            if (!kind) return fail(path, "is not a kind of record");
            number(path, minutes, 1, kMaxIntervalMinutes, "minutes",
                   settings_.interval_minutes[static_cast<std::size_t>(*kind)]);
        });
    }

    void directions(const std::string& at, const json::value& value) {
        object(at, value,
               [this](std::string_view name, const std::string& path, const json::value& direction) {
                   const auto kind = parse_kind(name);
                   if (!kind) return fail(path, "is not a kind of record");
                   auto& target = settings_.directions[static_cast<std::size_t>(*kind)];
                   choice(path, direction, directions_of(*kind), target);
               });
    }

    void conflict_policies(const std::string& at, const json::value& value) {
        object(at, value, [this](std::string_view name, const std::string& path, const json::value& rules) {
            const auto kind = parse_kind(name);
            if (!kind) return fail(path, "is not a kind of record");
            if (directions_of(*kind).size() == 1) {
                return fail(path, "flows only from Metakocka to the CRM, so Metakocka always wins");
            }
            auto& target = settings_.conflict_rules[static_cast<std::size_t>(*kind)];
            object(path, rules, [&](std::string_view key, const std::string& inner, const json::value& rule) {
                if (key == "default") {
                    choice(inner, rule, kPolicies, target.standard);
                } else if (key == "fields") {
                    field_policies(*kind, inner, rule, target);
                } else {
                    fail(inner, "must be default or fields");
                }
            });
        });
    }

    void field_policies(RecordKind kind, const std::string& at, const json::value& value,
                        ConflictRules& rules) {
        object(at, value, [&](std::string_view name, const std::string& path, const json::value& policy) {
            const auto fields = schema(kind);
            const bool known = std::any_of(fields.begin(), fields.end(),
                                           [name](const FieldSpec& field) { return field.name == name; });
            if (!known) return fail(path, "is not a synced field of " + std::string(to_text(kind)));
            if (policy.is_null()) {
                rules.by_field.erase(std::string(name));
                return;
            }
            ConflictPolicy chosen{};
            if (choice(path, policy, kPolicies, chosen)) rules.by_field[std::string(name)] = chosen;
        });
    }

    void filters(const std::string& at, const json::value& value) {
        object(at, value, [this](std::string_view name, const std::string& path, const json::value& filter) {
            if (name != "products") return fail(path, "has no filters in this version");
            object(path, filter,
                   [this](std::string_view key, const std::string& inner, const json::value& text) {
                       if (key != "pricelist") return fail(inner, "is not a filter in this version");
                       if (text.is_null()) {
                           settings_.pricelist.reset();
                       } else if (text.is_string() && !text.as_string().empty() &&
                                  text.as_string().size() <= kMaxCode &&
                                  std::none_of(text.as_string().begin(), text.as_string().end(),
                                               [](char c) { return static_cast<unsigned char>(c) < 0x20; })) {
                           settings_.pricelist = std::string(text.as_string());
                       } else {
                           fail(inner, "must be the code of a pricelist (at most 100 characters), or null");
                       }
                   });
        });
    }

    void guard(const std::string& at, const json::value& value) {
        object(at, value, [this](std::string_view name, const std::string& path, const json::value& limit) {
            if (name == "maxPercent")
                return number(path, limit, 0, 100, "percent", settings_.guard_max_percent);
            if (name == "maxRecords") {
                return number(path, limit, 0, kMaxGuardRecords, "records", settings_.guard_max_records);
            }
            fail(path, "is not a limit of the deletion guard");
        });
    }

    template <class Choices, class Choice>
    bool choice(const std::string& path, const json::value& value, const Choices& choices, Choice& target) {
        for (const Choice one : choices) {
            if (!value.is_string() || to_text(one) != std::string_view(value.as_string())) continue;
            target = one;
            return true;
        }
        fail(path, "must be " + choice_of(choices));
        return false;
    }

    void flag(const std::string& path, const json::value& value, bool& target) {
        if (!value.is_bool()) return fail(path, "must be true or false");
        target = value.as_bool();
    }

    void only(const std::string& path, const json::value& value, bool allowed, const std::string& why) {
        if (!value.is_bool()) return fail(path, "must be true or false");
        if (value.as_bool() != allowed) fail(path, why);
    }

    void number(const std::string& path, const json::value& value, std::uint32_t least, std::uint32_t most,
                std::string_view unit, std::uint32_t& target) {
        const std::string rule = "must be a whole number of " + std::string(unit) + " from " +
                                 std::to_string(least) + " to " + std::to_string(most);
        if (!value.is_int64() && !value.is_uint64()) return fail(path, rule);
        if (value.is_int64() && (value.as_int64() < least || value.as_int64() > most))
            return fail(path, rule);
        if (value.is_uint64() && value.as_uint64() > most) return fail(path, rule);
        target = value.to_number<std::uint32_t>();
    }

    void fail(const std::string& path, const std::string& message) { errors_.push_back({path, message}); }

    static constexpr std::size_t kMaxCode = 100;

    Settings& settings_;
    std::vector<SettingsError> errors_;
};

json::object rules_json(const ConflictRules& rules) {
    json::object fields;
    for (const auto& [field, policy] : rules.by_field) fields[field] = to_text(policy);
    return {{"default", to_text(rules.standard)}, {"fields", std::move(fields)}};
}

}  // namespace

std::string_view to_text(Direction direction) {
    constexpr std::array<std::string_view, 3> kNames{"metakocka_to_crm", "crm_to_metakocka", "bidirectional"};
    return kNames[static_cast<std::size_t>(direction)];
}

std::string_view to_text(ConflictPolicy policy) {
    constexpr std::array<std::string_view, 4> kNames{"newest_wins", "metakocka_wins", "crm_wins", "manual"};
    return kNames[static_cast<std::size_t>(policy)];
}

std::vector<Direction> directions_of(RecordKind kind) {
    if (kind == RecordKind::kContacts || kind == RecordKind::kProducts) {
        return {kDirections.begin(), kDirections.end()};
    }
    return {Direction::kMetakockaToCrm};
}

bool Settings::writes_to_erp(RecordKind kind) const {
    return direction(kind) != Direction::kMetakockaToCrm &&
           (kind == RecordKind::kContacts || !write_protection);
}

std::vector<SettingsError> apply_patch(Settings& settings, const json::value& patch) {
    Settings changed = settings;
    auto errors = Patch(changed).apply(patch);
    if (errors.empty()) settings = std::move(changed);
    return errors;
}

json::object to_json(const Settings& settings) {
    json::object intervals;
    json::object direction;
    json::object conflicts;
    for (const auto kind : kAllKinds) {
        intervals[to_text(kind)] = settings.interval(kind);
        direction[to_text(kind)] = to_text(settings.direction(kind));
        if (directions_of(kind).size() > 1) conflicts[to_text(kind)] = rules_json(settings.conflicts(kind));
    }
    json::object products;
    products["pricelist"] = settings.pricelist ? json::value(*settings.pricelist) : json::value(nullptr);
    return {{"enabled", settings.enabled},
            {"intervals", std::move(intervals)},
            {"direction", std::move(direction)},
            {"realTimeEnabled", settings.real_time_enabled},
            {"webhooksEnabled", settings.webhooks_enabled},
            {"writeProtection", settings.write_protection},
            {"conflictPolicy", std::move(conflicts)},
            {"filters", json::object{{"products", std::move(products)}}},
            {"deleteGuard", json::object{{"maxPercent", settings.guard_max_percent},
                                         {"maxRecords", settings.guard_max_records}}}};
}

}  // namespace metakocka
