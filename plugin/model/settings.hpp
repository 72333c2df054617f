// What the user chose: the configuration of one instance, its defaults and its rules (design.md §7).
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/fwd.hpp>

#include "model/kind.hpp"
#include "model/record.hpp"

namespace metakocka {

enum class Direction { kMetakockaToCrm, kCrmToMetakocka, kBidirectional };
enum class ConflictPolicy { kNewestWins, kMetakockaWins, kCrmWins, kManual };

// The words of the settings.
std::string_view to_text(Direction direction);
std::string_view to_text(ConflictPolicy policy);

// What counts when both sides changed the same field.
struct ConflictRules {
    ConflictPolicy standard = ConflictPolicy::kNewestWins;
    std::map<std::string, ConflictPolicy, std::less<>> by_field;  // by the CRM's field name

    friend bool operator==(const ConflictRules&, const ConflictRules&) = default;
};

// Which directions this version offers for a kind.
std::vector<Direction> directions_of(RecordKind kind);

struct Settings {
    bool enabled = false;
    std::array<std::uint32_t, 4> interval_minutes{60, 30, 15, 10};  // by RecordKind
    std::array<Direction, 4> directions{};                          // by RecordKind
    std::array<ConflictRules, 4> conflict_rules;                    // by RecordKind
    bool real_time_enabled = true;
    bool webhooks_enabled = false;
    bool write_protection = true;
    std::uint32_t guard_max_percent = 10;
    std::uint32_t guard_max_records = 50;
    Value pricelist;  // filters.products.pricelist: count_code, null for the first valid one

    std::uint32_t interval(RecordKind kind) const { return interval_minutes[static_cast<std::size_t>(kind)]; }
    Direction direction(RecordKind kind) const { return directions[static_cast<std::size_t>(kind)]; }
    const ConflictRules& conflicts(RecordKind kind) const {
        return conflict_rules[static_cast<std::size_t>(kind)];
    }
    // Whether runs of this kind may write to the ERP (design.md §5, rule 8).
    bool writes_to_erp(RecordKind kind) const;

    friend bool operator==(const Settings&, const Settings&) = default;
};

struct SettingsError {
    std::string path;  // dotted, like "intervals.products"
    std::string message;
};

// The settings after `patch` (any subset of the object of POST /auto-sync), or, when anything in it is
// unknown or wrong, every such place; then `settings` stays as it was.
std::vector<SettingsError> apply_patch(Settings& settings, const boost::json::value& patch);

// All of them, in the form that apply_patch accepts.
boost::json::object to_json(const Settings& settings);

}  // namespace metakocka
