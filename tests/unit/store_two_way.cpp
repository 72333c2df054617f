// What waits between two runs: announced writes, conflicts, and the audit trail of what the ERP was given.
#include <string>
#include <vector>

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include "store/error.hpp"
#include "store/journal.hpp"
#include "store/run_log.hpp"
#include "store/store.hpp"
#include "store_fixture.hpp"

using namespace metakocka;
using namespace metakocka::store;
using sync::Conflict;
using sync::Intent;
using sync::Side;
using test::link_of;
using test::run;
using test::tamper;

namespace {

constexpr auto kContacts = RecordKind::kContacts;
constexpr auto kProducts = RecordKind::kProducts;

Intent intent(const std::string& crm_id, sync::Instant since, const std::string& wanted = "wanted") {
    Intent made;
    made.crm_id = crm_id;
    made.wanted = wanted;
    made.since = since;
    made.run_id = "r1";
    return made;
}

Record contact(const std::string& erp_id, const std::string& name) {
    Record record(kContacts, erp_id);
    record.at("name") = name;
    return record;
}

Conflict conflict(const std::string& crm_id, const std::string& reason = "Both sides changed name.") {
    Conflict made;
    made.kind = kContacts;
    made.crm_id = crm_id;
    made.erp_id = "e" + crm_id;
    made.since = 77;
    made.reason = reason;
    made.base = contact(made.erp_id, "Čebela");
    made.erp = sync::Version{contact(made.erp_id, "Čebela d.o.o."), {.from = 5, .to = 6}};
    made.crm = sync::Version{contact(made.erp_id, "Čebela s.p."), {.from = 7, .to = 8}};
    made.crm->record.active = false;
    made.verdicts = {{.group = 1, .ruling = sync::Ruling::kOpen, .by_tie_break = false},
                     {.group = 2, .ruling = sync::Ruling::kUnwritable, .by_tie_break = true}};
    return made;
}

sync::Run run_of_contacts(const std::string& id) {
    return run(id, kContacts);
}

std::vector<std::string> crm_ids(const std::vector<Intent>& intents) {
    std::vector<std::string> ids;
    for (const auto& each : intents) ids.push_back(each.crm_id);
    return ids;
}

}  // namespace

TEST_CASE("announced writes come back after a restart, in the order they were recorded", "[store]") {
    test::World world;
    Intent change = intent("c1", 30, "to");
    change.side = Side::kCrm;
    change.erp_id = "e1";
    change.before = "from";
    Store(world.open()).put_intents(kContacts, {change, intent("c3", 10), intent("c2", 20)});

    Store store(world.open());
    const auto found = store.intents(kContacts);
    CHECK(crm_ids(found) == std::vector<std::string>{"c3", "c2", "c1"});
    CHECK(found[0].side == Side::kErp);
    CHECK(found[0].erp_id.empty());
    CHECK(found[0].before.empty());
    CHECK(found[0].wanted == "wanted");
    CHECK(found[2].side == Side::kCrm);
    CHECK(found[2].erp_id == "e1");
    CHECK(found[2].before == "from");
    CHECK(found[2].wanted == "to");
    CHECK(found[2].since == 30);
    CHECK(found[2].run_id == "r1");
    // Another kind and another company are other worlds.
    CHECK(store.intents(kProducts).empty());
    CHECK(Store(world.open("other")).intents(kContacts).empty());
}

TEST_CASE("a record has one announced write, the last one", "[store]") {
    test::World world;
    Store store(world.open());
    store.put_intents(kContacts, {intent("c1", 1, "first")});
    Intent later = intent("c1", 2, "second");
    later.erp_id = "e1";
    later.run_id = "r2";
    store.put_intents(kContacts, {later});
    const auto found = store.intents(kContacts);
    REQUIRE(found.size() == 1);
    CHECK(found[0].wanted == "second");
    CHECK(found[0].erp_id == "e1");
    CHECK(found[0].since == 2);
    CHECK(found[0].run_id == "r2");
}

TEST_CASE("an announced write is settled together with its link, or not at all", "[store]") {
    test::World world;
    auto instance = world.open();
    Store store(instance);
    store.put_intents(kContacts, {intent("c1", 1), intent("c2", 2)});
    store.put_intents(kProducts, {intent("c1", 1)});
    sync::Batch batch;
    batch.links = {link_of("e1", "c1", "agreed")};
    batch.settled = {"c1"};
    SECTION("committed") {
        store.commit(run_of_contacts("r1"), batch);
        CHECK(crm_ids(store.intents(kContacts)) == std::vector<std::string>{"c2"});
        CHECK(store.base(kContacts, "e1") == "agreed");
        CHECK(crm_ids(store.intents(kProducts)) == std::vector<std::string>{"c1"});
    }
    SECTION("the commit fails at its last statement") {
        tamper(world.folder,
               "CREATE TRIGGER full BEFORE INSERT ON run BEGIN SELECT RAISE(ABORT, 'disk full'); END");
        CHECK_THROWS_AS(store.commit(run_of_contacts("r1"), batch), StoreError);
        CHECK(store.intents(kContacts).size() == 2);
        CHECK_FALSE(store.base(kContacts, "e1"));
    }
}

TEST_CASE("a conflict comes back whole after a restart", "[store]") {
    test::World world;
    sync::Batch batch;
    Conflict decided = conflict("2");
    decided.resolution =
        sync::Resolution{.whole = Side::kCrm, .by_group = {{3, Side::kErp}, {4, Side::kCrm}}};
    Conflict gone = conflict("3", "It was removed in Metakocka and changed in the CRM.");
    gone.erp.reset();
    gone.base.reset();
    gone.verdicts.clear();
    batch.conflicts = {conflict("1"), decided, gone};
    Store(world.open()).commit(run_of_contacts("r1"), batch);

    auto instance = world.open();
    Store store(instance);
    const auto found = store.conflicts(kContacts);
    REQUIRE(found.size() == 3);
    for (std::size_t i = 0; i < found.size(); ++i) {
        CHECK(found[i].kind == kContacts);
        CHECK(found[i].crm_id == batch.conflicts[i].crm_id);
        CHECK(found[i].erp_id == batch.conflicts[i].erp_id);
        CHECK(found[i].since == 77);
        CHECK(sync::encode(found[i]) == sync::encode(batch.conflicts[i]));
    }
    CHECK(found[0].base->at("name") == Value{"Čebela"});
    CHECK(found[0].erp->record.at("name") == Value{"Čebela d.o.o."});
    CHECK(found[0].erp->changed.to == 6);
    CHECK(found[0].crm->changed.from == 7);
    CHECK_FALSE(found[0].crm->record.active);
    CHECK(found[0].verdicts[1].ruling == sync::Ruling::kUnwritable);
    CHECK_FALSE(found[0].resolution);
    CHECK(found[1].resolution == decided.resolution);
    CHECK_FALSE(found[2].erp);
    CHECK(RunLog(instance).counts(kContacts).conflicts == 3);
    CHECK(RunLog(instance).counts(kProducts).conflicts == 0);
    CHECK(store.conflicts(kProducts).empty());
}

TEST_CASE("a conflict is renewed in place and leaves the list when it is agreed", "[store]") {
    test::World world;
    auto instance = world.open();
    Store store(instance);
    sync::Batch batch;
    batch.conflicts = {conflict("1"), conflict("2")};
    store.commit(run_of_contacts("r1"), batch);
    sync::Batch renewed;
    renewed.conflicts = {conflict("1", "Both sides changed phone.")};
    renewed.conflicts[0].since = 99;
    renewed.agreed = {"2"};
    store.commit(run_of_contacts("r2"), renewed);
    const auto left = store.conflicts(kContacts);
    REQUIRE(left.size() == 1);
    CHECK(left[0].crm_id == "1");
    CHECK(left[0].reason == "Both sides changed phone.");
    CHECK(left[0].since == 99);
    // The same id of another kind is another record.
    sync::Batch other_kind;
    other_kind.agreed = {"1"};
    store.commit(run("r3", kProducts), other_kind);
    CHECK(RunLog(instance).counts(kContacts).conflicts == 1);
}

TEST_CASE("what was written to the ERP is in the journal with the setting that allowed it", "[store]") {
    test::World world;
    auto instance = world.open();
    Store store(instance);
    sync::Batch batch;
    batch.erp_writes = {{"e1", "c1", "add", "direction.contacts=bidirectional", {"name", "email"}},
                        {"e2", "c2", "update", "writeProtection=false", {"phone"}}};
    store.commit(run_of_contacts("r7"), batch);
    Journal journal(instance);
    const auto page = journal.list("", 10);
    REQUIRE(page.items.size() == 2);
    CHECK(page.items[1].who == "run r7");
    CHECK(page.items[1].what == "erp.add");
    CHECK(page.items[0].what == "erp.update");
    CHECK(boost::json::parse(page.items[1].details) ==
          boost::json::value({{"kind", "contacts"},
                              {"erpId", "e1"},
                              {"crmId", "c1"},
                              {"fields", {"name", "email"}},
                              {"allowedBy", "direction.contacts=bidirectional"}}));
    CHECK(boost::json::parse(page.items[0].details).at("allowedBy") == "writeProtection=false");
    CHECK_FALSE(journal.first_broken());
}

TEST_CASE("values of announced writes and conflicts are sealed, each to its own row", "[store]") {
    test::World world;
    auto instance = world.open();
    Store store(instance);
    Intent announced = intent("c1", 1, "INTENT-WANTED");
    announced.before = "INTENT-BEFORE";
    store.put_intents(kContacts, {announced, intent("c2", 2)});
    sync::Batch batch;
    batch.conflicts = {conflict("c1", "CONFLICT-REASON"), conflict("c2")};
    batch.conflicts[0].base->at("name") = "CONFLICT-VALUE";
    batch.erp_writes = {{"e1", "c1", "add", "JOURNAL-SETTING", {"JOURNAL-FIELD"}}};
    store.commit(run_of_contacts("r1"), batch);
    const std::string bytes = world.folder.bytes();
    CHECK(bytes.find("erp.add") != std::string::npos);
    for (const char* value : {"INTENT-WANTED", "INTENT-BEFORE", "CONFLICT-REASON", "CONFLICT-VALUE",
                              "JOURNAL-SETTING", "JOURNAL-FIELD"}) {
        INFO(value);
        CHECK(bytes.find(value) == std::string::npos);
    }
    SECTION("an intent under another record's name is refused") {
        tamper(world.folder,
               "UPDATE intent SET sealed = (SELECT sealed FROM intent WHERE crm_id = 'c1')"
               " WHERE crm_id = 'c2'");
        CHECK_THROWS_AS(store.intents(kContacts), vault::VaultError);
    }
    SECTION("so is a conflict") {
        tamper(world.folder,
               "UPDATE conflict SET sealed = (SELECT sealed FROM conflict WHERE crm_id = 'c1')"
               " WHERE crm_id = 'c2'");
        CHECK_THROWS_AS(store.conflicts(kContacts), vault::VaultError);
    }
}

TEST_CASE("links are found by the CRM's ids", "[store]") {
    test::World world;
    Store store(world.open());
    store.commit_links(kContacts, {link_of("e1", "c1"), link_of("e2", "c2")});
    const auto found = store.find_links_by_crm(kContacts, {"c2", "none", "c1"});
    REQUIRE(found.size() == 3);
    CHECK(found[0]->erp_id == "e2");
    CHECK(found[0]->crm_id == "c2");
    CHECK_FALSE(found[1]);
    CHECK(found[2]->erp_id == "e1");
    CHECK(found[2]->changed_at == 22);
    CHECK_FALSE(store.find_links_by_crm(kProducts, {"c1"})[0]);
}
