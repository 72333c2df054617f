// Both directions on whole runs in memory: the rules of design.md §5 under generated edits, failures and
// crashes.
#include <algorithm>
#include <array>

#include <catch2/catch.hpp>

#include "memory_world.hpp"
#include "sync/erp_limits.hpp"
#include "sync/field_groups.hpp"

using namespace metakocka;
using namespace metakocka::sync;
using namespace metakocka::sync::testing;

namespace {

constexpr auto kContacts = RecordKind::kContacts;
constexpr auto kProducts = RecordKind::kProducts;

Record contact(const std::string& name, Value email = std::nullopt) {
    Record record(kContacts, "");
    record.at("name") = name;
    record.at("email") = std::move(email);
    return record;
}

}  // namespace

TEST_CASE("a contact that is new in the CRM is added to the ERP once") {
    World world;
    const auto id = world.crm.add(kContacts, contact("Ana Žagar", "ana@example.si"));
    const Run first = world.sync_two_way(kContacts, both_ways(kContacts));
    CHECK(first.state == RunState::kSucceeded);
    CHECK(first.counts[Bucket::kCreated] == 1);
    CHECK(first.counts.written == 1);
    REQUIRE(world.erp.partner_rows.size() == 1);
    CHECK(world.erp.partner_rows[0].record.at("email") == Value{"ana@example.si"});
    CHECK(world.crm.records.at("contacts/" + id).external_id == world.erp.partner_rows[0].record.erp_id);
    const Run second = world.sync_two_way(kContacts, both_ways(kContacts));
    CHECK(second.counts.written == 0);
    CHECK(second.counts.records() == 1);
    CHECK(second.counts[Bucket::kUnchanged] == 1);
    CHECK(world.store.announced[kContacts].empty());
    REQUIRE(world.store.erp_writes.size() == 1);
    CHECK(world.store.erp_writes[0].allowed_by == "a test");
}

TEST_CASE("rule 2: an add whose answer is lost makes exactly one partner") {
    World world;
    for (int i = 0; i < 20; ++i) world.crm.add(kContacts, contact("Stranka " + std::to_string(i)));
    int lost = 0;
    world.erp.after = [&](const std::string& call) {
        if (call == "add" && ++lost % 2 == 1)
            throw ErpError(ErpErrorClass::kUnknownOutcome, "the answer was lost");
    };
    for (int i = 0; i < 40; ++i) world.sync_two_way(kContacts, both_ways(kContacts));
    CHECK(lost >= 20);
    CHECK(world.erp.partner_rows.size() == 20);
    CHECK(world.store.links[kContacts].size() == 20);
    CHECK(world.crm.count(kContacts) == 20);
}

TEST_CASE("first match before creating: the ERP already has the CRM's new contact") {
    World world;
    world.erp.sweeps_find = false;
    world.erp.partner_rows.push_back(partner_row("77", "Novak Ana s.p.", "SI12345678"));
    Record mine = contact("Ana Novak");
    mine.at("taxNumber") = "12345678";
    mine.at("phone") = "01 234 56 78";
    world.crm.add(kContacts, mine);
    world.sync_two_way(kContacts, both_ways(kContacts));
    REQUIRE(world.erp.partner_rows.size() == 1);
    CHECK(world.crm.count(kContacts) == 1);
    CHECK(world.erp.partner_rows[0].record.at("phone") == Value{"01 234 56 78"});
    CHECK(world.crm.by_external(kContacts, "77") != nullptr);
    CHECK(world.crm.by_external(kContacts, "77")->record.at("name") == Value{"Novak Ana s.p."});
}

TEST_CASE("edits of different fields on both sides are merged") {
    World world;
    world.erp.partner_rows.push_back(partner_row("1", "Čebela"));
    world.sync_two_way(kContacts, both_ways(kContacts));
    const std::string id = world.crm.by_external(kContacts, "1")->id;
    world.erp.partner_rows[0].record.at("phone") = "01 1";
    world.crm.edit(kContacts, id, [](Record& record) { record.at("email") = "info@example.si"; });
    const Run run = world.sync_two_way(kContacts, both_ways(kContacts));
    CHECK(run.counts[Bucket::kUpdated] == 1);
    CHECK(run.counts.records() == 1);
    const Record& erp = world.erp.partner_rows[0].record;
    const Record& crm = world.crm.records.at("contacts/" + id).record;
    CHECK(erp.values == crm.values);
    CHECK(erp.at("phone") == Value{"01 1"});
    CHECK(erp.at("email") == Value{"info@example.si"});
}

TEST_CASE("manual: a conflict is listed, blocks nothing, and a person's decision is carried out") {
    World world;
    world.erp.partner_rows.push_back(partner_row("1", "Čebela"));
    world.erp.partner_rows.push_back(partner_row("2", "Mravlja"));
    const auto policy = both_ways(kContacts, ConflictPolicy::kManual);
    world.sync_two_way(kContacts, policy);
    const std::string id = world.crm.by_external(kContacts, "1")->id;
    world.erp.partner_rows[0].record.at("name") = "Čebela d.o.o.";
    world.erp.partner_rows[1].record.at("name") = "Mravlja d.o.o.";
    world.crm.edit(kContacts, id, [](Record& record) { record.at("name") = "Čebela s.p."; });
    const Run run = world.sync_two_way(kContacts, policy);
    CHECK(run.counts[Bucket::kConflict] == 1);
    CHECK(run.counts[Bucket::kUpdated] == 1);
    CHECK(world.sync_two_way(kContacts, policy).counts[Bucket::kConflict] == 1);
    REQUIRE(world.store.in_conflict[kContacts].size() == 1);
    Conflict& conflict = world.store.in_conflict[kContacts].begin()->second;
    CHECK(conflict.reason == "Both sides changed name.");
    CHECK(conflict.erp->record.at("name") == Value{"Čebela d.o.o."});
    CHECK(conflict.crm->record.at("name") == Value{"Čebela s.p."});
    CHECK(conflict.base->at("name") == Value{"Čebela"});
    const Side side = GENERATE(Side::kErp, Side::kCrm);
    conflict.resolution = Resolution{.whole = side, .by_group = {}};
    world.sync_two_way(kContacts, policy);
    const Value name = side == Side::kErp ? "Čebela d.o.o." : "Čebela s.p.";
    CHECK(world.erp.partner_rows[0].record.at("name") == name);
    CHECK(world.crm.records.at("contacts/" + id).record.at("name") == name);
    CHECK(world.store.in_conflict[kContacts].empty());
    CHECK(world.sync_two_way(kContacts, policy).counts[Bucket::kUnchanged] == 2);
}

TEST_CASE("a change that the ERP does not take is given up when a person says so, and only that one") {
    const Direction direction = GENERATE(Direction::kBidirectional, Direction::kCrmToMetakocka);
    World world;
    world.erp.product_rows.push_back(product_row("1", "Svinčnik"));
    auto policy = both_ways(kProducts);
    policy.direction = direction;
    world.sync_two_way(kProducts, both_ways(kProducts));
    const std::string id = world.crm.by_external(kProducts, "1")->id;
    const Value price = world.erp.product_rows[0].record.at("price");
    world.crm.edit(kProducts, id, [](Record& record) {
        record.at("price") = "123.45";
        record.at("name") = "Svinčnik 2B";
    });
    CHECK(world.sync_two_way(kProducts, policy).counts[Bucket::kConflict] == 1);
    REQUIRE(world.store.in_conflict[kProducts].size() == 1);
    world.store.in_conflict[kProducts].begin()->second.resolution =
        Resolution{.whole = Side::kErp, .by_group = {}};
    world.sync_two_way(kProducts, policy);
    CHECK(world.store.in_conflict[kProducts].empty());
    const Record& crm = world.crm.records.at("products/" + id).record;
    CHECK(crm.at("price") == price);
    CHECK(crm.at("name") == Value{"Svinčnik 2B"});  // was in no conflict
    CHECK(world.sync_two_way(kProducts, policy).counts[Bucket::kUnchanged] == 1);
}

TEST_CASE("a product deleted in the CRM is deactivated in the ERP, many are held by the guard") {
    World world;
    for (int i = 0; i < 40; ++i)
        world.erp.product_rows.push_back(product_row(std::to_string(100 + i), "Izdelek"));
    world.sync_two_way(kProducts, both_ways(kProducts));
    const auto remove = [&](int i) {
        world.crm.erase(kProducts, world.crm.by_external(kProducts, std::to_string(100 + i))->id);
    };
    SECTION("one") {
        remove(3);
        const Run run = world.sync_two_way(kProducts, both_ways(kProducts));
        CHECK(run.counts[Bucket::kDeactivated] == 1);
        CHECK_FALSE(world.erp.product_rows[3].record.active);
        CHECK(run.counts.records() == 40);
        CHECK(world.sync_two_way(kProducts, both_ways(kProducts)).counts.written == 0);
    }
    SECTION("many") {
        for (int i = 0; i < 20; ++i) remove(i);
        const Run run = world.sync_two_way(kProducts, both_ways(kProducts));
        CHECK(run.counts.written == 0);
        CHECK(run.counts[Bucket::kQuarantined] == 20);
        for (const auto& row : world.erp.product_rows) CHECK(row.record.active);
        // Nor later, although the CRM tells a deletion only once.
        CHECK(world.sync_two_way(kProducts, both_ways(kProducts)).counts[Bucket::kQuarantined] == 20);
        for (const auto& row : world.erp.product_rows) CHECK(row.record.active);
        world.guard = {.max_percent = 100, .max_records = 100};
        CHECK(world.sync_two_way(kProducts, both_ways(kProducts)).counts[Bucket::kDeactivated] == 20);
    }
}

TEST_CASE("rule 5: removed in the ERP and edited in the CRM waits for a person") {
    World world;
    for (int i = 0; i < 20; ++i) {
        world.erp.product_rows.push_back(product_row(std::to_string(100 + i), "Izdelek"));
        world.erp.product_rows.back().record.at("price").reset();  // the ERP would not take it back
    }
    world.sync_two_way(kProducts, both_ways(kProducts));
    const std::string id = world.crm.by_external(kProducts, "105")->id;
    world.crm.edit(kProducts, id, [](Record& record) { record.at("name") = "Izdelek, nov"; });
    world.erp.product_rows.erase(world.erp.product_rows.begin() + 5);
    const Run run = world.sync_two_way(kProducts, both_ways(kProducts));
    CHECK(run.counts[Bucket::kConflict] == 1);
    CHECK(world.crm.records.at("products/" + id).record.active);
    auto& conflict = world.store.in_conflict[kProducts].at(id);
    CHECK(conflict.reason == "It was removed in Metakocka and changed in the CRM.");
    SECTION("Metakocka's deletion counts") {
        conflict.resolution = Resolution{.whole = Side::kErp, .by_group = {}};
        world.sync_two_way(kProducts, both_ways(kProducts));
        CHECK_FALSE(world.crm.records.at("products/" + id).record.active);
        CHECK(world.erp.product_rows.size() == 19);
    }
    SECTION("the CRM's record counts") {
        conflict.resolution = Resolution{.whole = Side::kCrm, .by_group = {}};
        world.sync_two_way(kProducts, both_ways(kProducts));
        REQUIRE(world.erp.product_rows.size() == 20);
        CHECK(world.erp.product_rows.back().record.at("name") == Value{"Izdelek, nov"});
        CHECK(world.crm.records.at("products/" + id).external_id ==
              world.erp.product_rows.back().record.erp_id);
    }
    CHECK(world.store.in_conflict[kProducts].empty());
    CHECK(world.sync_two_way(kProducts, both_ways(kProducts)).counts.written == 0);
}
