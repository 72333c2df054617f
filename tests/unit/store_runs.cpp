#include <algorithm>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "store/error.hpp"
#include "store/run_log.hpp"
#include "store/store.hpp"
#include "store_fixture.hpp"

using namespace metakocka;
using namespace metakocka::store;
using sync::Bucket;
using sync::RunState;
using test::run;

TEST_CASE("a run comes back with everything it had", "[store]") {
    test::World world;
    auto instance = world.open();
    RunLog log(instance);
    sync::Run saved = run(log.new_id(), RecordKind::kInvoices, RunState::kPartial);
    saved.mode = sync::RunMode::kFull;
    saved.trigger = sync::RunTrigger::kManual;
    saved.queued_at = 1;
    saved.started_at = 2;
    saved.finished_at = 3;
    std::uint64_t number = 10;
    for (auto& count : saved.counts.by_bucket) count = number++;
    saved.counts.written = 4;
    saved.calls = 5;
    saved.retries = 6;
    saved.bytes = 7'000'000'000;
    saved.progress = {8, 9, "reading"};
    saved.error = "the ERP said: no";
    saved.error_kind = "transient";
    saved.checkpoint = "offset 3000";
    saved.note = "{}";
    log.save(saved);

    const auto got = log.get(saved.id);
    REQUIRE(got);
    CHECK(got->kind == saved.kind);
    CHECK(got->mode == saved.mode);
    CHECK(got->trigger == saved.trigger);
    CHECK(got->state == saved.state);
    CHECK(got->queued_at == 1);
    CHECK(got->started_at == 2);
    CHECK(got->finished_at == 3);
    CHECK(got->counts.by_bucket == saved.counts.by_bucket);
    CHECK(got->counts.written == 4);
    CHECK(got->calls == 5);
    CHECK(got->retries == 6);
    CHECK(got->bytes == 7'000'000'000);
    CHECK(got->progress.done == 8);
    CHECK(got->progress.total == 9);
    CHECK(got->progress.phase == "reading");
    CHECK(got->error == saved.error);
    CHECK(got->error_kind == saved.error_kind);
    CHECK(got->checkpoint == saved.checkpoint);
    CHECK(got->note == saved.note);
    CHECK_FALSE(log.get("none"));
}

TEST_CASE("runs are listed newest first, by kind and page", "[store]") {
    test::World world;
    RunLog log(world.open());
    std::vector<std::string> ids;
    for (int i = 0; i < 7; ++i) {
        ids.push_back(log.new_id());
        log.save(run(ids.back(), i % 2 == 0 ? RecordKind::kProducts : RecordKind::kContacts));
        world.clock.advance(sync::kSecond);
    }
    CHECK(std::is_sorted(ids.begin(), ids.end()));

    std::vector<std::string> walked;
    std::string before;
    do {
        const auto page = log.list(std::nullopt, before, 3);
        for (const auto& one : page.items) walked.push_back(one.id);
        before = page.next.value_or("");
    } while (!before.empty());
    CHECK(walked == std::vector<std::string>(ids.rbegin(), ids.rend()));

    const auto contacts = log.list(RecordKind::kContacts, "", 3);
    CHECK(contacts.items.size() == 3);
    CHECK_FALSE(contacts.next);
    CHECK(log.latest(RecordKind::kProducts)->id == ids[6]);
    CHECK(log.latest(RecordKind::kContacts)->id == ids[5]);
    CHECK_FALSE(log.latest(RecordKind::kInvoices));
}

TEST_CASE("unfinished runs survive a restart", "[store]") {
    test::World world;
    {
        RunLog log(world.open());
        log.save(run("1", RecordKind::kProducts, RunState::kSucceeded));
        log.save(run("3", RecordKind::kContacts, RunState::kQueued));
        auto running = run("2", RecordKind::kProducts, RunState::kRunning);
        running.checkpoint = "here";
        log.save(running);
    }
    RunLog log(world.open());
    const auto runs = log.unfinished();
    REQUIRE(runs.size() == 2);
    CHECK(runs[0].id == "2");
    CHECK(runs[0].checkpoint == "here");
    CHECK(runs[1].id == "3");
}

TEST_CASE("ids rise although the clock goes back, also over a restart", "[store]") {
    test::World world;
    std::string last;
    {
        RunLog log(world.open());
        last = log.new_id();
        for (int i = 0; i < 100; ++i) {
            world.clock.advance(i % 3 == 0 ? -sync::kHour : sync::kMinute);
            const std::string next = log.new_id();
            CHECK(next > last);
            last = next;
        }
        log.save(run(last));
    }
    world.clock.advance(-sync::kDay);
    CHECK(RunLog(world.open()).new_id() > last);
}

TEST_CASE("a run's records are listed by bucket, with their changes", "[store]") {
    test::World world;
    auto instance = world.open();
    Store store(instance);
    RunLog log(instance);
    sync::Batch batch;
    batch.outcomes = {{"e1", "c1", Bucket::kUpdated, ""},
                      {"e2", "c2", Bucket::kCreated, ""},
                      {"", "", Bucket::kQuarantined, "a row without an id"},
                      {"", "", Bucket::kQuarantined, "another one"},
                      {"e3", "c3", Bucket::kUpdated, ""}};
    batch.history = {{"c1", "e1", "name", "old", "new"}, {"c1", "e1", "price", std::nullopt, "1.5"}};
    store.commit(run("r1"), batch);
    store.commit(run("r2"), {{}, {{"c1", "e1", "name", "new", std::nullopt}}, {}, {}, {}});

    const auto updated = log.records("r1", Bucket::kUpdated, "", 10);
    REQUIRE(updated.items.size() == 2);
    CHECK(updated.items[0].outcome.erp_id == "e1");
    REQUIRE(updated.items[0].changes.size() == 2);
    CHECK(updated.items[0].changes[0].field == "name");
    CHECK(updated.items[0].changes[0].before == "old");
    CHECK(updated.items[0].changes[1].before == std::nullopt);
    CHECK(updated.items[0].changes[1].after == "1.5");
    CHECK(updated.items[1].changes.empty());

    for (const std::size_t limit : {1U, 2U, 3U, 5U, 9U}) {
        std::vector<std::string> reasons;
        std::size_t count = 0;
        std::string after;
        do {
            const auto page = log.records("r1", std::nullopt, after, limit);
            CHECK(page.items.size() <= limit);
            count += page.items.size();
            for (const auto& item : page.items) {
                if (!item.outcome.reason.empty()) reasons.push_back(item.outcome.reason);
            }
            after = page.next.value_or("");
        } while (!after.empty());
        CHECK(count == 5);
        CHECK(reasons == std::vector<std::string>{"a row without an id", "another one"});
    }
    const auto first = log.records("r1", Bucket::kQuarantined, "", 1);
    REQUIRE(first.next);
    CHECK(log.records("r1", Bucket::kQuarantined, *first.next, 1).items[0].outcome.reason == "another one");

    const auto history = log.history(RecordKind::kProducts, "c1", "", 2);
    REQUIRE(history.items.size() == 2);
    CHECK(history.items[0].run_id == "r2");
    CHECK(history.items[0].entry.after == std::nullopt);
    CHECK(history.items[0].at == world.clock.now());
    CHECK(history.items[1].entry.field == "price");
    const auto rest = log.history(RecordKind::kProducts, "c1", *history.next, 2);
    CHECK(rest.items.size() == 1);
    CHECK_FALSE(rest.next);

    CHECK_THROWS_AS(log.records("r1", std::nullopt, "nonsense", 1), StoreError);
    CHECK_THROWS_AS(log.records("r1", std::nullopt, "nonsense.1", 1), StoreError);
    CHECK_THROWS_AS(log.records("r1", std::nullopt, "created.1x", 1), StoreError);
    CHECK_THROWS_AS(log.history(RecordKind::kProducts, "c1", "' OR 1", 1), StoreError);
}

TEST_CASE("pruning runs keeps unfinished ones and the history", "[store]") {
    test::World world;
    auto instance = world.open();
    Store store(instance);
    RunLog log(instance);
    auto old = run("1", RecordKind::kProducts, RunState::kSucceeded);
    old.queued_at = 100;
    sync::Batch batch;
    batch.outcomes = {{"e1", "c1", Bucket::kUpdated, ""}};
    batch.history = {{"c1", "e1", "name", "a", "b"}};
    store.commit(old, batch);
    auto running = run("2");
    running.queued_at = 100;
    log.save(running);
    auto fresh = run("3", RecordKind::kProducts, RunState::kFailed);
    fresh.queued_at = 200;
    log.save(fresh);
    CHECK(log.prune(200) == 1);
    CHECK_FALSE(log.get("1"));
    CHECK(log.records("1", std::nullopt, "", 5).items.empty());
    CHECK(log.get("2"));
    CHECK(log.get("3"));
    CHECK(log.history(RecordKind::kProducts, "c1", "", 5).items.size() == 1);
}
