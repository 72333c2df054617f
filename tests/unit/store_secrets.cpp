#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "store/credential_store.hpp"
#include "store/journal.hpp"
#include "store/log_book.hpp"
#include "store/run_log.hpp"
#include "store/schedule_store.hpp"
#include "store/store.hpp"
#include "store_fixture.hpp"

using namespace metakocka;
using namespace metakocka::store;
using test::link_of;
using test::run;
using test::tamper;
using vault::VaultError;
using vault::VaultProblem;

namespace {

vault::Credentials credentials() {
    vault::Credentials made;
    made.company_id = "16";
    made.secret_key = "s3cr3t-k3y-of-acme";
    made.base_url = "https://erp.example.si/rest/eshop/v1/";
    made.webhook_secret = "h00k-s3cr3t";
    made.set_at = 42;
    return made;
}

}  // namespace

TEST_CASE("credentials are kept, replaced and cleared", "[store]") {
    test::World world;
    CredentialStore store(world.open());
    CHECK_FALSE(store.get());
    auto given = credentials();
    store.put(given);
    auto got = store.get();
    REQUIRE(got);
    CHECK(got->company_id == given.company_id);
    CHECK(got->secret_key == given.secret_key);
    CHECK(got->base_url == given.base_url);
    CHECK(got->ca_certificate == std::nullopt);
    CHECK(got->webhook_secret == given.webhook_secret);
    CHECK(got->set_at == 42);
    given.ca_certificate = "-----BEGIN";
    given.webhook_secret.reset();
    store.put(given);
    got = CredentialStore(world.open()).get();
    CHECK(got->ca_certificate == "-----BEGIN");
    CHECK_FALSE(got->webhook_secret);
    store.clear();
    CHECK_FALSE(store.get());
}

TEST_CASE("no known value is in clear in any file", "[store]") {
    test::World world;
    auto instance = world.open();
    Store store(instance);
    CredentialStore(instance).put(credentials());
    sync::Batch batch;
    batch.links = {link_of("e1", "c1", "BASE-VALUE")};
    batch.history = {{"c1", "e1", "name", "OLD-VALUE", "NEW-VALUE"}};
    batch.outcomes = {{"e1", "c1", sync::Bucket::kQuarantined, "OUTCOME-REASON"}};
    batch.quarantine = {{"e1", "QUARANTINE-REASON", 1, 1}};
    auto made = run("r1");
    made.error = "RUN-ERROR";
    made.checkpoint = "RUN-CHECKPOINT";
    made.note = "RUN-NOTE";
    store.commit(made, batch);
    store.put_memo(RecordKind::kContacts, "sweep", "MEMO-VALUE");
    LogEntry entry;
    entry.message = "LOG-MESSAGE";
    entry.details = "LOG-DETAILS";
    LogBook(instance).append(entry);
    Journal(instance).append("user-1", "settings.changed", "JOURNAL-DETAILS");

    const std::string bytes = world.folder.bytes();
    CHECK(bytes.find("settings.changed") != std::string::npos);  // the search does find what is there
    for (const char* value :
         {"s3cr3t-k3y-of-acme", "h00k-s3cr3t", "erp.example.si", "BASE-VALUE", "OLD-VALUE", "NEW-VALUE",
          "OUTCOME-REASON", "QUARANTINE-REASON", "RUN-ERROR", "RUN-CHECKPOINT", "RUN-NOTE", "MEMO-VALUE",
          "LOG-MESSAGE", "LOG-DETAILS", "JOURNAL-DETAILS"}) {
        INFO(value);
        CHECK(bytes.find(value) == std::string::npos);
    }
}

TEST_CASE("another master key is refused and damages nothing", "[store]") {
    test::World world;
    Store(world.open()).commit(run("r1"), {{link_of("e1", "c1", "kept")}, {}, {}, {}, {}});
    test::TestWrapper strict(0x11);
    CHECK_THROWS(Instance::open(world.folder.path(), "acme", strict, world.clock));
    test::TestWrapper careless(0x11, false);
    CHECK_THROWS_AS(Instance::open(world.folder.path(), "acme", careless, world.clock), VaultError);
    CHECK(Store(world.open()).base(RecordKind::kProducts, "e1") == "kept");
}

TEST_CASE("a lost data key is not replaced by a new one", "[store]") {
    test::World world;
    Store(world.open()).commit(run("r1"), {{link_of("e1", "c1")}, {}, {}, {}, {}});
    tamper(world.folder, "DELETE FROM data_key");
    try {
        world.open();
        FAIL("it opened");
    } catch (const VaultError& error) {
        CHECK(error.problem() == VaultProblem::kMissingKey);
    }
}

TEST_CASE("sealed rows that were swapped or changed don't open", "[store]") {
    test::World world;
    Store store(world.open());
    store.commit(run("r1"), {{link_of("e1", "c1", "one"), link_of("e2", "c2", "two")}, {}, {}, {}, {}});
    tamper(world.folder, "UPDATE base SET sealed = (SELECT sealed FROM base WHERE erp_id = 'e2')");
    CHECK_THROWS_AS(store.base(RecordKind::kProducts, "e1"), VaultError);
    CHECK(store.base(RecordKind::kProducts, "e2") == "two");
    tamper(world.folder, "UPDATE base SET sealed = x'0001' WHERE erp_id = 'e2'");
    CHECK_THROWS_AS(store.base(RecordKind::kProducts, "e2"), VaultError);
}

TEST_CASE("schedules are kept over a restart", "[store]") {
    test::World world;
    const ScheduleState state{123, "r1", 100, 3, "credentials"};
    {
        ScheduleStore store(world.open());
        CHECK(store.load(RecordKind::kProducts) == ScheduleState{});
        store.save(RecordKind::kProducts, {});
        store.save(RecordKind::kProducts, state);
    }
    ScheduleStore store(world.open());
    CHECK(store.load(RecordKind::kProducts) == state);
    CHECK(store.load(RecordKind::kContacts) == ScheduleState{});
}

TEST_CASE("the journal lists what was done, newest first", "[store]") {
    test::World world;
    Journal journal(world.open());
    CHECK_FALSE(journal.first_broken());
    for (int i = 1; i <= 5; ++i) {
        CHECK(journal.append("user-" + std::to_string(i), "did", std::to_string(i)) == i);
    }
    const auto page = journal.list("", 2);
    REQUIRE(page.items.size() == 2);
    CHECK(page.items[0].who == "user-5");
    CHECK(page.items[0].what == "did");
    CHECK(page.items[0].details == "5");
    CHECK(page.items[0].at == world.clock.now());
    CHECK(journal.list(*page.next, 9).items.size() == 3);
    CHECK_FALSE(journal.first_broken());
}

TEST_CASE("a change of the journal is found and located", "[store]") {
    const auto [sql, broken] = GENERATE(table<std::string, int>({
        {"UPDATE journal SET who = 'nobody' WHERE number = 3", 3},
        {"UPDATE journal SET what = 'nothing' WHERE number = 3", 3},
        {"UPDATE journal SET at = at + 1 WHERE number = 3", 3},
        {"UPDATE journal SET details_hash = x'00' WHERE number = 3", 3},
        {"UPDATE journal SET hash = x'00' WHERE number = 3", 3},
        {"UPDATE journal SET sealed = x'00' WHERE number = 3", 3},
        {"UPDATE journal SET sealed = (SELECT sealed FROM journal WHERE number = 2) WHERE number = 3", 3},
        {"DELETE FROM journal WHERE number = 3", 3},
        {"DELETE FROM journal WHERE number = 1", 1},
        {"UPDATE journal SET number = -number", 1},
    }));
    test::World world;
    Journal journal(world.open());
    for (int i = 1; i <= 5; ++i) journal.append("user", "did", std::to_string(i));
    tamper(world.folder, sql);
    INFO(sql);
    CHECK(journal.first_broken() == broken);
}

TEST_CASE("details can be erased from the journal while it stays verifiable", "[store]") {
    test::World world;
    Journal journal(world.open());
    for (int i = 1; i <= 3; ++i) journal.append("user", "did", "personal");
    tamper(world.folder, "UPDATE journal SET sealed = NULL WHERE number = 2");
    CHECK_FALSE(journal.first_broken());
    CHECK(journal.list("", 9).items[1].details.empty());
    CHECK(journal.append("user", "did", "more") == 4);
    CHECK_FALSE(journal.first_broken());
}
