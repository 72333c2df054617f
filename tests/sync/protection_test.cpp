// Rule 8: read-only until told otherwise, out of what the user set.
#include <catch2/catch.hpp>

#include "memory_world.hpp"
#include "sync/chosen_policy.hpp"

using namespace metakocka;
using namespace metakocka::sync;
using namespace metakocka::sync::testing;

namespace {

constexpr auto kContacts = RecordKind::kContacts;
constexpr auto kProducts = RecordKind::kProducts;

Settings both_ways_protected() {
    Settings settings;
    for (const auto kind : {kContacts, kProducts}) {
        settings.directions[static_cast<std::size_t>(kind)] = Direction::kBidirectional;
    }
    return settings;
}

Record product(const std::string& code) {
    Record record(kProducts, "");
    record.at("code") = code;
    record.at("name") = "Svinčnik";
    record.at("unit") = "kos";
    return record;
}

}  // namespace

TEST_CASE("rule 8: under write protection no product is added, changed or deactivated in the ERP") {
    World world;
    world.erp.product_rows.push_back(product_row("1", "Zvezek"));
    world.erp.product_rows.push_back(product_row("2", "Radirka"));
    Settings settings = both_ways_protected();
    world.sync_two_way(kProducts, chosen_policy(kProducts, settings));
    world.crm.add(kProducts, product("NOV"));
    world.crm.edit(kProducts, world.crm.by_external(kProducts, "1")->id,
                   [](Record& record) { record.at("name") = "Zvezek A5"; });
    world.crm.erase(kProducts, world.crm.by_external(kProducts, "2")->id);
    const Run run = world.sync_two_way(kProducts, chosen_policy(kProducts, settings));
    CHECK(world.erp.writes == 0);
    CHECK(run.counts.written == 0);
    CHECK(run.counts.records() == 3);

    settings.write_protection = false;
    CHECK(chosen_policy(kProducts, settings).erp.adds);
    CHECK(write_permission(kProducts, settings) == "direction.products=bidirectional, writeProtection=false");
    CHECK(judging_rules(kProducts, settings) != judging_rules(kProducts, both_ways_protected()));
}

TEST_CASE("rule 8: contacts are written as soon as their direction says so") {
    World world;
    Record contact(kContacts, "");
    contact.at("name") = "Ana Žagar";
    world.crm.add(kContacts, contact);
    CHECK(write_permission(kContacts, Settings()).empty());
    const Settings settings = both_ways_protected();
    CHECK(write_permission(kContacts, settings) == "direction.contacts=bidirectional");
    world.sync_two_way(kContacts, chosen_policy(kContacts, settings));
    CHECK(world.erp.writes == 1);
}

TEST_CASE("a rule for one field counts for all that belong together with it") {
    Settings settings = both_ways_protected();
    auto& rules = settings.conflict_rules[static_cast<std::size_t>(kContacts)];
    rules.standard = ConflictPolicy::kCrmWins;
    rules.by_field["city"] = ConflictPolicy::kManual;
    const PlanPolicy policy = chosen_policy(kContacts, settings);
    for (const auto* field : {"street", "postNumber", "city", "country"}) {
        CHECK(policy.by_field[field_index(kContacts, field)] == ConflictPolicy::kManual);
    }
    CHECK(policy.by_field[field_index(kContacts, "name")] == ConflictPolicy::kCrmWins);
}
