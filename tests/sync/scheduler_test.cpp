// The timers, on a virtual clock, over the real database.
#include <catch2/catch.hpp>

#include <algorithm>
#include <utility>

#include "schedule/timing.hpp"
#include "timers.hpp"

using namespace metakocka;
using namespace metakocka::sync;
using namespace metakocka::sync::testing;
using metakocka::schedule::KindState;

namespace {

std::size_t count(const std::vector<RecordKind>& started, RecordKind kind) {
    return static_cast<std::size_t>(std::count(started.begin(), started.end(), kind));
}

}  // namespace

TEST_CASE("the four timers run at the user's default intervals") {
    Timers t;
    t.world.erp.product_rows = {product_row("1", "A")};
    t.live(kHour);
    CHECK(t.factory.started.empty());
    t.switch_on();
    t.live(4 * kHour);
    CHECK(t.factory.started.front() == RecordKind::kContacts);
    CHECK((count(t.factory.started, RecordKind::kContacts) >= 4));
    CHECK((count(t.factory.started, RecordKind::kContacts) <= 5));
    CHECK((count(t.factory.started, RecordKind::kProducts) >= 7));
    CHECK((count(t.factory.started, RecordKind::kInvoices) >= 14));
    CHECK((count(t.factory.started, RecordKind::kInventory) >= 21));
    CHECK((count(t.factory.started, RecordKind::kInventory) <= 26));
}

TEST_CASE("switching off stops the timers, and a restart keeps their plan") {
    Timers t;
    t.world.erp.product_rows = {product_row("1", "A")};
    t.switch_on();
    t.live(kMinute);
    REQUIRE(t.factory.started.size() == 4);
    t.start();
    t.live(5 * kMinute);
    CHECK(t.factory.started.size() == 4);  // nothing is due yet, restart or not
    t.live(30 * kHour);
    const auto so_far = t.factory.started.size();
    t.settings.enabled = false;
    t.scheduler->change_settings(t.settings);
    t.live(kDay);
    CHECK(t.factory.started.size() == so_far);
    CHECK(t.scheduler->snapshot().kinds[0].state == KindState::kOff);
}

TEST_CASE("runs missed while the host was down are made up for by one") {
    Timers t;
    t.world.erp.product_rows = {product_row("1", "A")};
    t.switch_on();
    t.live(kMinute);
    t.factory.started.clear();
    t.world.clock.advance(3 * kDay);
    t.start();
    t.live(kMinute);
    CHECK(t.factory.started.size() == 4);
}

TEST_CASE("a refused key pauses every timer after one call, until the credentials change") {
    Timers t;
    t.world.erp.before = [](const std::string&) { throw ErpError(ErpErrorClass::kCredentials, "wrong key"); };
    t.switch_on();
    t.live(kDay);
    CHECK(t.world.erp.calls == 1);
    const auto snapshot = t.scheduler->snapshot();
    CHECK(snapshot.connection.state == schedule::ConnectionState::kAuthFailed);
    for (const auto& kind : snapshot.kinds) CHECK(kind.state == KindState::kPaused);
    CHECK(t.alerts.raised.size() == 1);
    t.start();
    t.live(kDay);
    CHECK(t.world.erp.calls == 1);
    t.world.erp.before = [](const std::string&) {};
    t.scheduler->credentials_changed();
    t.live(kMinute);
    CHECK(t.factory.started.size() == 5);
    CHECK(t.alerts.raised.empty());
}

TEST_CASE("a server that is down is asked less and less, and the whole company waits") {
    Timers t;
    t.world.erp.before = [](const std::string&) { throw ErpError(ErpErrorClass::kTransient, "down"); };
    t.switch_on();
    t.live(6 * kHour);
    CHECK(t.world.erp.calls < 30);
    CHECK(t.scheduler->snapshot().connection.state == schedule::ConnectionState::kUnreachable);
    t.world.erp.before = [](const std::string&) {};
    t.live(2 * kHour);
    CHECK(t.scheduler->snapshot().connection.state == schedule::ConnectionState::kOk);
    for (const auto& kind : t.scheduler->snapshot().kinds) CHECK(kind.error == "");
}

TEST_CASE("a quota is left alone for a quarter of an hour") {
    Timers t;
    t.world.erp.before = [](const std::string&) { throw ErpError(ErpErrorClass::kQuota, "Quote exceeds"); };
    t.switch_on();
    t.live(14 * kMinute);
    CHECK(t.world.erp.calls == 1);
    t.live(5 * kMinute);
    CHECK(t.world.erp.calls == 2);
}

TEST_CASE("what is asked for twice is one run") {
    Timers t;
    t.world.erp.product_rows = {product_row("1", "A")};
    const auto first = t.scheduler->request(RecordKind::kProducts, RunMode::kSync);
    const auto second = t.scheduler->request(RecordKind::kProducts, RunMode::kFull);
    CHECK_FALSE(first.coalesced);
    CHECK(second.coalesced);
    CHECK(second.run.id == first.run.id);
    t.live(kMinute);  // works while the timers are off
    CHECK(t.factory.started.size() == 1);
    CHECK(t.runs->get(first.run.id).has_value());
}

TEST_CASE("a run that was queued when the process ended is done by the next") {
    Timers t;
    t.world.erp.product_rows = {product_row("1", "A")};
    t.scheduler->request(RecordKind::kProducts, RunMode::kSync);
    t.start();
    t.live(kMinute);
    CHECK(t.factory.started.size() == 1);
    CHECK(t.world.crm.count(RecordKind::kProducts) == 1);
}

TEST_CASE("backing off grows to an hour and honours what the server asked for") {
    Duration last = 0;
    for (std::uint32_t failures = 1; failures < 20; ++failures) {
        const Duration wait = schedule::next_after_failure(0, failures, 0, 0.5);
        CHECK(wait >= last);
        CHECK(wait <= kHour);
        last = wait;
    }
    CHECK(schedule::next_after_failure(0, 1, 2 * kHour, 0.5) == 2 * kHour);
}

TEST_CASE("a cancelled run stays away until its next time, and checks nothing off") {
    Timers t;
    t.switch_on();
    t.scheduler->run_due(t.world.clock.now(), 0);
    t.live(kMinute);
    const auto started = t.factory.started.size();
    const auto run = t.scheduler->request(RecordKind::kProducts, RunMode::kSync);
    CHECK(t.scheduler->cancel_run(run.run.id));
    t.live(kMinute);
    CHECK(t.factory.started.size() == started);
    CHECK(t.runs->get(run.run.id)->state == RunState::kCancelled);
}

TEST_CASE("what a run with the old key found out does not pause the new one") {
    Timers t;
    t.switch_on();
    bool old_key = true;
    t.world.erp.before = [&](const std::string&) {
        if (!std::exchange(old_key, false)) return;
        t.scheduler->credentials_changed();  // somebody enters the new key while the old one is on its way
        throw ErpError(ErpErrorClass::kCredentials, "wrong key");
    };
    t.live(kMinute);
    const auto snapshot = t.scheduler->snapshot();
    CHECK(snapshot.connection.state == schedule::ConnectionState::kOk);
    for (const auto& kind : snapshot.kinds) CHECK(kind.state == KindState::kIdle);
    CHECK(t.factory.started.size() == 5);
}

TEST_CASE("other settings changed while sync is off leave a manual run alone") {
    Timers t;
    const auto run = t.scheduler->request(RecordKind::kProducts, RunMode::kSync);
    t.settings.interval_minutes[1] = 31;
    t.scheduler->change_settings(t.settings);
    t.live(kMinute);
    CHECK(t.runs->get(run.run.id)->state == RunState::kSucceeded);
}

TEST_CASE("a refused request is an answer: the connection is shown as working") {
    Timers t;
    t.world.erp.before = [](const std::string&) { throw ErpError(ErpErrorClass::kRecord, "Not valid"); };
    t.switch_on();
    t.live(kMinute);
    CHECK(t.scheduler->snapshot().connection.state == schedule::ConnectionState::kOk);
    CHECK_FALSE(t.scheduler->snapshot().kinds[0].error.empty());
}
