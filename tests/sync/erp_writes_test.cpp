// What may go wrong while one record is written to the ERP, case by case.
#include <catch2/catch.hpp>

#include "memory_world.hpp"
#include "sync/field_groups.hpp"

using namespace metakocka;
using namespace metakocka::sync;
using namespace metakocka::sync::testing;

namespace {

constexpr auto kContacts = RecordKind::kContacts;

Record contact(const std::string& name, Value tax_number = {}, Value email = {}) {
    Record record = partner_row("", name, std::move(tax_number)).record;
    record.at("email") = std::move(email);
    return record;
}

std::string reason(World& world) {
    const auto aside = world.store.quarantine(kContacts);
    return aside.size() == 1 ? aside[0].reason : std::to_string(aside.size()) + " in quarantine";
}

}  // namespace

TEST_CASE("somebody edits in the ERP while a change is on its way there: read again, then written") {
    World world;
    world.erp.partner_rows.push_back(partner_row("1", "Čebela"));
    world.sync_two_way(kContacts, both_ways(kContacts));
    const std::string id = world.crm.by_external(kContacts, "1")->id;
    world.crm.edit(kContacts, id, [](Record& record) { record.at("email") = "crm@example.si"; });
    bool edited = false;
    world.erp.before = [&](const std::string& call) {
        if (call != "update read" || edited) return;
        edited = true;
        world.erp.partner_rows[0].record.at("phone") = "01 1";
    };
    const Run run = world.sync_two_way(kContacts, both_ways(kContacts));
    CHECK(edited);
    CHECK(run.counts.written == 1);
    CHECK(world.store.erp_writes.size() == 1);
    CHECK(world.erp.partner_rows[0].record.at("email") == Value{"crm@example.si"});
    CHECK(world.erp.partner_rows[0].record.at("phone") == Value{"01 1"});
    CHECK(world.crm.records.at("contacts/" + id).record.at("phone") == Value{"01 1"});
}

TEST_CASE("a value that the ERP did not take is told, and not called written") {
    World world;
    world.erp.partner_rows.push_back(partner_row("1", "Čebela"));
    world.erp.partner_rows[0].record.at("email") = "old@example.si";
    world.sync_two_way(kContacts, both_ways(kContacts));
    const std::string id = world.crm.by_external(kContacts, "1")->id;
    world.erp.clears_contacts = false;
    world.crm.edit(kContacts, id, [](Record& record) { record.at("email").reset(); });
    const Run run = world.sync_two_way(kContacts, both_ways(kContacts));
    CHECK(run.counts.written == 0);
    CHECK(run.counts[Bucket::kQuarantined] == 1);
    CHECK(reason(world) == "Metakocka did not take the new value of email");
    CHECK(world.store.announced[kContacts].empty());
    CHECK(world.store.history.empty());
}

TEST_CASE("the history says on which side a value was replaced") {
    World world;
    world.erp.partner_rows.push_back(partner_row("1", "Čebela"));
    world.erp.partner_rows[0].record.at("email") = "old@example.si";
    world.erp.partner_rows[0].record.at("phone") = "01 1";
    world.sync_two_way(kContacts, both_ways(kContacts));
    const std::string id = world.crm.by_external(kContacts, "1")->id;
    world.crm.edit(kContacts, id, [](Record& record) { record.at("email") = "new@example.si"; });
    world.erp.partner_rows[0].record.at("phone") = "02 2";
    world.sync_two_way(kContacts, both_ways(kContacts));
    REQUIRE(world.store.history.size() == 2);
    for (const auto& entry : world.store.history) {
        CHECK(entry.side == (entry.field == "email" ? Side::kErp : Side::kCrm));
        CHECK(entry.before == (entry.field == "email" ? Value{"old@example.si"} : Value{"01 1"}));
    }
}

TEST_CASE("an add that never arrived is not taken for another record of the same values") {
    World world;
    world.crm.add(kContacts, contact("Ana Novak"));
    world.sync_two_way(kContacts, both_ways(kContacts));
    world.crm.add(kContacts, contact("Ana Novak"));
    bool lost = false;
    world.erp.before = [&](const std::string& call) {
        if (call != "add" || lost) return;
        lost = true;
        throw ErpError(ErpErrorClass::kUnknownOutcome, "nobody knows");
    };
    world.sync_two_way(kContacts, both_ways(kContacts));
    world.sync_two_way(kContacts, both_ways(kContacts));
    CHECK(lost);
    REQUIRE(world.erp.partner_rows.size() == 2);
    for (const auto& row : world.erp.partner_rows) {
        CHECK(world.crm.by_external(kContacts, row.record.erp_id) != nullptr);
    }
    CHECK(world.store.links[kContacts].size() == 2);
}

TEST_CASE("first match before adding: two tax numbers are two partners, two partners are a question") {
    World world;
    world.erp.sweeps_find = false;
    auto& partners = world.erp.partner_rows;
    partners.push_back(partner_row("1", "Podjetje d.o.o.", "SI11111111"));
    partners[0].record.at("email") = "info@example.si";
    SECTION("another tax number") {
        world.crm.add(kContacts, contact("Podružnica", "22222222", "info@example.si"));
        world.sync_two_way(kContacts, both_ways(kContacts));
        CHECK(partners.size() == 2);
        CHECK(world.crm.by_external(kContacts, "1") == nullptr);
    }
    SECTION("two that it can be") {
        partners.push_back(partner_row("2", "Podjetje d.o.o."));
        for (auto& row : partners) row.record.at("postNumber") = "1000";
        Record mine = contact("Podjetje d.o.o.");
        mine.at("postNumber") = "1000";
        world.crm.add(kContacts, mine);
        const Run run = world.sync_two_way(kContacts, both_ways(kContacts));
        CHECK(partners.size() == 2);
        CHECK(run.counts.written == 0);
        CHECK(reason(world).starts_with(
            "2 partners in Metakocka have the same name and post number (ids 1, 2)"));
    }
}

TEST_CASE("what only one side has goes over only in its direction") {
    const Version alone{partner_row("1", "Čebela").record, {}};
    const auto decision = [&](Direction direction, Side side) {
        const auto policy = PlanPolicy::uniform(kContacts, direction, ConflictPolicy::kNewestWins);
        const bool in_erp = side == Side::kErp;
        return plan(nullptr, in_erp ? &alone : nullptr, in_erp ? nullptr : &alone, policy).decision;
    };
    CHECK(decision(Direction::kMetakockaToCrm, Side::kErp) == Decision::kCreateCrm);
    CHECK(decision(Direction::kMetakockaToCrm, Side::kCrm) == Decision::kExclude);
    CHECK(decision(Direction::kCrmToMetakocka, Side::kErp) == Decision::kExclude);
    CHECK(decision(Direction::kCrmToMetakocka, Side::kCrm) == Decision::kCreateErp);
    CHECK(decision(Direction::kBidirectional, Side::kErp) == Decision::kCreateCrm);
    CHECK(decision(Direction::kBidirectional, Side::kCrm) == Decision::kCreateErp);
}

TEST_CASE("one side's street never meets the other side's city") {
    Version erp{partner_row("1", "Čebela").record, {}};
    Version crm = erp;
    const Record base = erp.record;
    erp.record.at("street") = "Glavna 1";
    erp.record.at("city") = "Ptuj";
    crm.record.at("city") = "Celje";
    const auto policy = PlanPolicy::uniform(kContacts, Direction::kBidirectional, ConflictPolicy::kCrmWins);
    const Plan made = plan(&base, &erp, &crm, policy);
    CHECK(made.erp.at("city") == Value{"Celje"});
    CHECK(made.erp.at("street") == Value{});
    crm.record.at("city") = base.at("city");
    crm.record.at("country") = "Hrvaška";
    CHECK(plan(&base, &erp, &crm, policy).erp.at("street") == Value{});
}

TEST_CASE("after a kill the base of an invoice keeps the ERP's ids") {
    World world;
    constexpr auto kInvoices = RecordKind::kInvoices;
    // So that the same contact has different ids on the two sides.
    for (const char* const id : {"31", "32"}) world.erp.partner_rows.push_back(partner_row(id, "Stranka a"));
    auto& bills = world.erp.bill_rows[BillType::kDomestic];
    bills.push_back(bill_row("5", BillType::kDomestic, "31", "2026-09-01"));
    world.sync(kContacts);
    world.sync(kInvoices);
    bills[0].record.at("contactId") = "32";
    world.crm.after_upsert = [] { throw Killed{}; };
    CHECK_THROWS_AS(world.sync(kInvoices), Killed);
    world.crm.after_upsert = [] {};
    // What was replaced is found out before anything is read.
    world.erp.before = [](const std::string&) { throw ErpError(ErpErrorClass::kTransient, "down"); };
    CHECK(world.sync(kInvoices).state == RunState::kFailed);
    CHECK(world.store.history.size() == 1);
    const Record base = decode_record(kInvoices, "5", *world.store.base(kInvoices, "5"));
    CHECK(base.at("contactId") == Value{"31"});
}

TEST_CASE("what is beyond the ERP's limits is not even sent") {
    World world;
    world.crm.add(kContacts, contact(std::string(101, 'a')));
    bool sent = false;
    world.erp.before = [&](const std::string& call) { sent = sent || call == "add"; };
    world.sync_two_way(kContacts, both_ways(kContacts));
    CHECK_FALSE(sent);
    CHECK(reason(world) == "name is 101 characters long; Metakocka takes 100");
}

TEST_CASE("the CRM came back from a backup and does not know our cursor: everything is looked at again") {
    World world;
    world.erp.partner_rows.push_back(partner_row("1", "Čebela"));
    world.sync_two_way(kContacts, both_ways(kContacts));
    const std::string id = world.crm.by_external(kContacts, "1")->id;
    world.crm.edit(kContacts, id, [](Record& record) { record.at("email") = "crm@example.si"; });
    world.crm.history = "restored";
    CHECK(world.sync_two_way(kContacts, both_ways(kContacts)).state == RunState::kSucceeded);
    CHECK(world.erp.partner_rows[0].record.at("email") == Value{"crm@example.si"});
}

TEST_CASE("a person decides group by group, and the rest stays open") {
    const auto manual = PlanPolicy::uniform(kContacts, Direction::kBidirectional, ConflictPolicy::kManual);
    const auto& groups = field_groups(kContacts);
    const bool whole = GENERATE(false, true);
    Resolution resolution;
    resolution.by_group[1] = Side::kErp;
    if (whole) resolution.whole = Side::kCrm;
    const PlanPolicy after = decided(manual, kContacts, resolution);
    for (std::size_t group = 0; group < groups.size(); ++group) {
        const auto others = whole ? ConflictPolicy::kCrmWins : ConflictPolicy::kManual;
        for (const std::size_t field : groups[group]) {
            CHECK(after.by_field[field] == (group == 1 ? ConflictPolicy::kMetakockaWins : others));
        }
    }
    CHECK(after.deletion_decided == resolution.whole);
}

TEST_CASE("somebody edits in the CRM while a change is on its way there: nothing is overwritten") {
    World world;
    world.erp.partner_rows.push_back(partner_row("1", "Čebela"));
    world.sync_two_way(kContacts, both_ways(kContacts));
    const std::string id = world.crm.by_external(kContacts, "1")->id;
    world.erp.partner_rows[0].record.at("phone") = "01 1";
    bool edited = false;
    world.crm.before = [&](const std::string& call) {
        if (call != "upsert" || edited) return;
        edited = true;
        world.crm.edit(kContacts, id, [](Record& record) { record.at("email") = "crm@example.si"; });
    };
    for (int i = 0; i < 2; ++i) world.sync_two_way(kContacts, both_ways(kContacts));
    CHECK(edited);
    for (const Record& record :
         {world.erp.partner_rows[0].record, world.crm.records.at("contacts/" + id).record}) {
        CHECK(record.at("email") == Value{"crm@example.si"});
        CHECK(record.at("phone") == Value{"01 1"});
    }
}

TEST_CASE("what goes to the ERP is what the CRM has when it is sent") {
    World world;
    world.erp.partner_rows.push_back(partner_row("1", "Čebela"));
    world.sync_two_way(kContacts, both_ways(kContacts));
    const std::string id = world.crm.by_external(kContacts, "1")->id;
    const auto type = [&](const char* email) {
        world.crm.edit(kContacts, id, [email](Record& record) { record.at("email") = email; });
    };
    type("first@example.si");
    // Read after the partners, so the record is judged already and waits.
    world.erp.before = [&](const std::string& call) {
        if (call == "bills") type("second@example.si");
    };
    world.sync_two_way(kContacts, both_ways(kContacts));
    CHECK(world.erp.partner_rows[0].record.at("email") == Value{"second@example.si"});
    CHECK(world.erp.writes == 1);
}

TEST_CASE("a new record of the CRM that is switched off is not added to the ERP") {
    World world;
    Record off = contact("Nekoč");
    off.active = false;
    world.crm.add(kContacts, off);
    const Run run = world.sync_two_way(kContacts, both_ways(kContacts));
    CHECK(run.counts[Bucket::kExcluded] == 1);
    CHECK(world.erp.partner_rows.empty());
}
