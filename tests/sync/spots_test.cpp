// Looks at single records between the steps of longer runs.
#include <catch2/catch.hpp>

#include <chrono>

#include "timers.hpp"

using namespace metakocka;
using namespace metakocka::sync;
using namespace metakocka::sync::testing;

namespace {

constexpr auto kProducts = RecordKind::kProducts;
constexpr auto kContacts = RecordKind::kContacts;
constexpr auto kInvoices = RecordKind::kInvoices;
constexpr auto kInventory = RecordKind::kInventory;

bool is_over(const schedule::Scheduler::LookAt& look) {
    return look.done.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
}

// Three pages.
void fill(World& world) {
    for (int i = 1; i <= 2500; ++i)
        world.erp.product_rows.push_back(product_row(std::to_string(100000 + i), "A"));
}

std::string name_of(const Timers& t, RecordKind kind, const std::string& id) {
    const auto* stored = t.world.crm.by_external(kind, id);
    return stored == nullptr ? "" : stored->record.at("name").value_or("");
}

}  // namespace

TEST_CASE("a look is taken while the timers are off, and stays out of the timers' books") {
    Timers t;
    t.world.erp.product_rows = {product_row("1", "A"), product_row("2", "B")};
    const auto look = t.scheduler->look_at(kProducts, {"2"}, RunTrigger::kWebhook);
    CHECK(look.at_once);
    t.live(kMinute);
    REQUIRE(is_over(look));
    const Run run = look.done.get();
    CHECK(run.state == RunState::kSucceeded);
    CHECK(run.trigger == RunTrigger::kWebhook);
    CHECK(run.counts.records() == 1);
    CHECK(run.counts[Bucket::kCreated] == 1);
    CHECK(name_of(t, kProducts, "2") == "B");
    CHECK(name_of(t, kProducts, "1").empty());
    const auto stored = t.runs->get(run.id);
    REQUIRE(stored);
    CHECK(stored->trigger == RunTrigger::kWebhook);
    const auto snapshot = t.scheduler->snapshot().kinds[1];
    CHECK(snapshot.last_success_at == 0);
    CHECK_FALSE(snapshot.last_finished);
    CHECK(snapshot.next_run_at == 0);
}

TEST_CASE("a long run of another kind pauses for a look and goes on after it") {
    Timers t;
    fill(t.world);
    t.world.erp.partner_rows = {partner_row("7", "Ana")};
    const auto whole = t.scheduler->request(kInvoices, RunMode::kSync);  // reads the same pages here
    t.step();
    t.step();
    REQUIRE(t.scheduler->live(whole.run.id)->state == RunState::kRunning);
    const auto look = t.scheduler->look_at(kContacts, {"7"}, RunTrigger::kManual);
    CHECK(look.at_once);
    t.step();
    CHECK(t.factory.looked_at.size() == 1);
    CHECK(t.scheduler->snapshot().kinds[2].state == schedule::KindState::kRunning);
    CHECK(t.scheduler->live(whole.run.id));
    CHECK(t.scheduler->request(kInvoices, RunMode::kSync).run.id == whole.run.id);
    while (!is_over(look)) t.step();
    CHECK(name_of(t, kContacts, "7") == "Ana");
    CHECK(t.scheduler->live(whole.run.id));
    CHECK(t.runs->get(whole.run.id)->state == RunState::kRunning);
    t.live(kMinute);
    CHECK(t.runs->get(whole.run.id)->state == RunState::kSucceeded);
    CHECK(t.runs->get(whole.run.id)->counts.records() == 2500);
    CHECK_FALSE(t.scheduler->live(whole.run.id));
    CHECK(t.scheduler->snapshot().kinds[2].state == schedule::KindState::kOff);
    CHECK(t.factory.started.size() == 1);
}

TEST_CASE("rule 4: a look never comes between the steps of a run that it touches") {
    const auto [long_kind, looked_at] = GENERATE(table<RecordKind, RecordKind>(
        {{RecordKind::kProducts, RecordKind::kProducts}, {RecordKind::kContacts, RecordKind::kInvoices}}));
    Timers t;
    fill(t.world);
    const auto whole = t.scheduler->request(long_kind, RunMode::kSync);
    t.step();
    const auto look = t.scheduler->look_at(looked_at, {"100001"}, RunTrigger::kWebhook);
    CHECK_FALSE(look.at_once);
    while (t.runs->get(whole.run.id)->state != RunState::kSucceeded) {
        REQUIRE(t.factory.looked_at.empty());
        REQUIRE_FALSE(is_over(look));
        t.step();
    }
    t.live(kMinute);
    CHECK(is_over(look));
    CHECK(t.factory.looked_at.size() == 1);
}

TEST_CASE("what is asked for while a look waits is one run, and a manual run is not coalesced with it") {
    Timers t;
    t.world.erp.product_rows = {product_row("1", "A"), product_row("2", "B"), product_row("3", "C")};
    const auto first = t.scheduler->look_at(kProducts, {"1"}, RunTrigger::kManual);
    const auto second = t.scheduler->look_at(kProducts, {"3", "1"}, RunTrigger::kManual);
    const auto whole = t.scheduler->request(kProducts, RunMode::kFull);
    CHECK_FALSE(whole.coalesced);
    t.step();  // the look has begun
    CHECK_FALSE(is_over(first));
    const auto third = t.scheduler->look_at(kProducts, {"2"}, RunTrigger::kManual);
    t.live(kMinute);
    CHECK(first.done.get().id == second.done.get().id);
    CHECK(third.done.get().id != first.done.get().id);
    CHECK(first.done.get().counts.records() == 2);
    CHECK(t.factory.looked_at.size() == 2);
    CHECK(t.runs->get(whole.run.id)->state == RunState::kSucceeded);
}

TEST_CASE("cancelling the run that waits for a look, and the look itself") {
    Timers t;
    fill(t.world);
    t.world.erp.partner_rows = {partner_row("7", "Ana"), partner_row("8", "Eva")};
    const auto whole = t.scheduler->request(kInvoices, RunMode::kSync);
    t.step();
    const auto look = t.scheduler->look_at(kContacts, {"7", "8"}, RunTrigger::kManual);
    t.step();
    REQUIRE(t.factory.looked_at.size() == 1);
    CHECK(t.scheduler->cancel_run(whole.run.id));
    SECTION("the look goes on") {}
    SECTION("the look is cancelled too") {
        const auto now = t.scheduler->snapshot().kinds[0].current;
        REQUIRE(now);
        CHECK(t.scheduler->cancel_run(now->id));
        t.live(kSecond);
        CHECK(look.done.get().state == RunState::kCancelled);
    }
    t.live(kMinute);
    CHECK(is_over(look));
    CHECK(t.runs->get(whole.run.id)->state == RunState::kCancelled);
}

TEST_CASE("a webhook's look is tried again when the ERP is down, with pauses, then left to the timers") {
    Timers t;
    t.world.erp.product_rows = {product_row("1", "A")};
    t.world.erp.before = [](const std::string&) { throw ErpError(ErpErrorClass::kTransient, "down"); };
    t.scheduler->look_at(kProducts, {"1"}, RunTrigger::kWebhook);
    CHECK(t.scheduler->reason_to_wait().empty());
    t.step();
    t.step();
    CHECK_FALSE(t.scheduler->reason_to_wait().empty());
    SECTION("it comes back") {
        t.world.erp.before = [](const std::string&) {};
        t.live(10 * kMinute);
        CHECK(name_of(t, kProducts, "1") == "A");
        CHECK(t.world.erp.calls == 2);
    }
    SECTION("it does not") {
        t.live(kDay);
        CHECK(t.world.erp.calls == 3);
    }
}

TEST_CASE("a look that finds the key refused pauses everything, and waits without asking again") {
    Timers t;
    t.world.erp.before = [](const std::string&) { throw ErpError(ErpErrorClass::kCredentials, "wrong key"); };
    t.switch_on();
    t.scheduler->look_at(kProducts, {"1"}, RunTrigger::kWebhook);
    t.live(kDay);
    CHECK(t.world.erp.calls == 1);
    CHECK(t.alerts.raised.size() == 1);
    const auto waiting = t.scheduler->look_at(kProducts, {"1"}, RunTrigger::kManual);
    CHECK_FALSE(waiting.at_once);
    t.live(kHour);
    CHECK(t.world.erp.calls == 1);
    t.world.erp.before = [](const std::string&) {};
    t.scheduler->credentials_changed();
    t.live(kMinute);
    CHECK(is_over(waiting));
}

TEST_CASE("a look that the end of the process interrupted never becomes a whole run") {
    Timers t;
    t.world.erp.product_rows = {product_row("1", "A"), product_row("2", "B")};
    t.scheduler->look_at(kProducts, {"1", "2"}, RunTrigger::kWebhook);
    t.step();
    REQUIRE(t.factory.looked_at.size() == 1);
    const auto unfinished = t.runs->unfinished();
    REQUIRE(unfinished.size() == 1);
    t.start();
    t.live(kHour);
    CHECK(t.factory.started.empty());
    CHECK(t.runs->get(unfinished[0].id)->state == RunState::kCancelled);
}

TEST_CASE("a failed run goes on from its checkpoint although a look came in between") {
    Timers t;
    fill(t.world);
    int calls = 0;
    t.world.erp.before = [&](const std::string&) {
        if (++calls == 3) throw ErpError(ErpErrorClass::kRecord, "no");
    };
    const auto failed = t.scheduler->request(kProducts, RunMode::kSync);
    t.live(kMinute);
    REQUIRE(t.runs->get(failed.run.id)->state == RunState::kFailed);
    const auto look = t.scheduler->look_at(kProducts, {"100001"}, RunTrigger::kWebhook);
    t.live(kMinute);
    REQUIRE(is_over(look));
    CHECK(t.scheduler->request(kProducts, RunMode::kSync).run.checkpoint ==
          t.runs->get(failed.run.id)->checkpoint);
    CHECK_FALSE(t.runs->get(failed.run.id)->checkpoint.empty());
}

TEST_CASE("a look with nothing left to do leaves no run") {
    Timers t;
    const auto look = t.scheduler->look_at(kInventory, {}, RunTrigger::kWebhook);
    t.live(kMinute);
    CHECK(t.runs->list(std::nullopt, "", 10).items.empty());
    CHECK(is_over(look));
    CHECK(t.scheduler->look_at(kInvoices, {}, RunTrigger::kManual).at_once);
}
