#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "store/error.hpp"
#include "store/run_log.hpp"
#include "store/store.hpp"
#include "store_fixture.hpp"

using namespace metakocka;
using namespace metakocka::store;
using test::link_of;
using test::run;

TEST_CASE("links and bases come back as committed", "[store]") {
    test::World world;
    auto instance = world.open();
    Store store(instance);
    sync::Batch batch;
    batch.links = {link_of("e1", "c1", "base one"), link_of("e2", "c2", "base two")};
    batch.links[1].link.active = false;
    store.commit(run("r1"), batch);

    const auto found = store.find_links(RecordKind::kProducts, {"e2", "none", "e1", "e1"});
    REQUIRE(found.size() == 4);
    CHECK(found[0]->erp_id == "e2");
    CHECK(found[0]->crm_id == "c2");
    CHECK_FALSE(found[0]->active);
    CHECK(found[0]->fingerprint == batch.links[1].link.fingerprint);
    CHECK(found[0]->unchanged_at == 11);
    CHECK(found[0]->changed_at == 22);
    CHECK_FALSE(found[1].has_value());
    CHECK(found[2]->crm_id == "c1");
    CHECK(found[3]->crm_id == "c1");
    CHECK(store.base(RecordKind::kProducts, "e1") == "base one");
    CHECK_FALSE(store.base(RecordKind::kProducts, "none"));
    // Another kind is another world.
    CHECK_FALSE(store.find_links(RecordKind::kContacts, {"e1"})[0]);
    CHECK_FALSE(store.base(RecordKind::kContacts, "e1"));

    const auto counts = RunLog(instance).counts(RecordKind::kProducts);
    CHECK(counts.linked == 1);
    CHECK(counts.inactive == 1);
}

TEST_CASE("a link that is committed again is replaced", "[store]") {
    test::World world;
    Store store(world.open());
    store.commit(run("r1"), {{link_of("e1", "c1", "old")}, {}, {}, {}, {}});
    auto changed = link_of("e1", "c9", "new");
    changed.link.fingerprint.fill(7);
    store.commit(run("r2"), {{changed}, {}, {}, {}, {}});
    const auto found = store.find_links(RecordKind::kProducts, {"e1"})[0];
    CHECK(found->crm_id == "c9");
    CHECK(found->fingerprint == changed.link.fingerprint);
    CHECK(store.base(RecordKind::kProducts, "e1") == "new");
}

TEST_CASE("records brought along are linked under their own kind", "[store]") {
    test::World world;
    Store store(world.open());
    store.commit_links(RecordKind::kContacts, {link_of("e1", "c1", "contact")});
    CHECK(store.find_links(RecordKind::kContacts, {"e1"})[0]->crm_id == "c1");
    CHECK(store.base(RecordKind::kContacts, "e1") == "contact");
}

TEST_CASE("the tally follows new, repeated, deactivated and displaced links", "[store]") {
    test::World world;
    auto instance = world.open();
    Store store(instance);
    const auto counted = [&](std::vector<sync::LinkChange> links) {
        store.commit_links(RecordKind::kProducts, links);
        const auto counts = RunLog(instance).counts(RecordKind::kProducts);
        return std::pair(counts.linked, counts.inactive);
    };
    using Counts = std::pair<std::uint64_t, std::uint64_t>;
    auto off = link_of("e1", "c1");
    off.link.active = false;
    CHECK(counted({}) == Counts(0, 0));
    CHECK(counted({link_of("e1", "c1"), link_of("e2", "c2")}) == Counts(2, 0));
    CHECK(counted({link_of("e1", "c1")}) == Counts(2, 0));
    CHECK(counted({off}) == Counts(1, 1));
    CHECK(counted({off, off}) == Counts(1, 1));
    // The same link twice in one batch.
    CHECK(counted({link_of("e1", "c1"), off, link_of("e3", "c3")}) == Counts(2, 1));
    CHECK(counted({link_of("e1", "c1")}) == Counts(3, 0));
    // One takes another's CRM record over, in the same batch as a new one.
    CHECK(counted({link_of("e4", "c4"), link_of("e5", "c1")}) == Counts(4, 0));
}

TEST_CASE("active links are walked in order, page by page", "[store]") {
    test::World world;
    Store store(world.open());
    sync::Batch batch;
    for (const auto* id : {"10", "2", "1", "3", "30"})
        batch.links.push_back(link_of(id, std::string("c") + id));
    batch.links[1].link.active = false;
    store.commit(run("r1"), batch);

    std::string walked;
    std::string after;
    while (true) {
        const auto page = store.active_links(RecordKind::kProducts, after, 2);
        for (const auto& one : page) walked += one.erp_id + ",";
        if (page.empty()) break;
        after = page.back().erp_id;
    }
    CHECK(walked == "1,10,3,30,");
}

TEST_CASE("a link takes its CRM record over from the one that had it", "[store]") {
    test::World world;
    auto instance = world.open();
    Store store(instance);
    store.commit(run("r1"), {{link_of("e1", "c1")}, {}, {}, {}, {}});

    store.commit(run("r2"), {{link_of("e2", "c2"), link_of("e3", "c1")}, {}, {}, {}, {}});
    CHECK_FALSE(store.find_links(RecordKind::kProducts, {"e1"})[0]);
    CHECK_FALSE(store.base(RecordKind::kProducts, "e1"));
    CHECK(store.find_links(RecordKind::kProducts, {"e3"})[0]->crm_id == "c1");
    CHECK(RunLog(instance).counts(RecordKind::kProducts).linked == 2);
    // The same CRM id under another kind is something else.
    store.commit(run("r3", RecordKind::kContacts), {{link_of("e1", "c1")}, {}, {}, {}, {}});
}

TEST_CASE("the quarantine takes, renews and releases", "[store]") {
    test::World world;
    auto instance = world.open();
    Store store(instance);
    store.commit(run("r1"), {{}, {}, {}, {{"e1", "no code", 5, 1}, {"e2", "bad date", 6, 1}}, {}});
    store.commit(run("r2"), {{}, {}, {}, {{"e1", "still no code", 5, 2}}, {"e2", "unknown"}});
    const auto now = store.quarantine(RecordKind::kProducts);
    REQUIRE(now.size() == 1);
    CHECK(now[0].erp_id == "e1");
    CHECK(now[0].reason == "still no code");
    CHECK(now[0].since == 5);
    CHECK(now[0].tries == 2);
    CHECK(RunLog(instance).counts(RecordKind::kProducts).quarantined == 1);
}

TEST_CASE("memos are kept per kind and name", "[store]") {
    test::World world;
    {
        Store store(world.open());
        CHECK_FALSE(store.memo(RecordKind::kContacts, "sweep"));
        store.put_memo(RecordKind::kContacts, "sweep", "one");
        store.put_memo(RecordKind::kContacts, "sweep", "two");
        store.put_memo(RecordKind::kInvoices, "sweep", "");
    }
    Store store(world.open());
    CHECK(store.memo(RecordKind::kContacts, "sweep") == "two");
    CHECK(store.memo(RecordKind::kInvoices, "sweep") == "");
    CHECK_FALSE(store.memo(RecordKind::kContacts, "other"));
}

TEST_CASE("two instances in one database don't see each other", "[store]") {
    test::World world;
    Store acme(world.open("acme"));
    Store other(world.open("other"));
    acme.commit(run("r1"), {{link_of("e1", "c1", "acme's")}, {}, {}, {}, {}});
    other.commit(run("r1"), {{link_of("e1", "c1", "other's")}, {}, {}, {}, {}});
    CHECK(acme.base(RecordKind::kProducts, "e1") == "acme's");
    CHECK(other.base(RecordKind::kProducts, "e1") == "other's");
}
