#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "store/webhook_inbox.hpp"
#include "store_fixture.hpp"

using namespace metakocka;
using namespace metakocka::store;

TEST_CASE("an event is taken once, and pending until it is settled, also after a restart", "[store]") {
    test::World world;
    {
        WebhookInbox inbox(world.open());
        CHECK(inbox.take("a", {"7", "8"}));
        CHECK_FALSE(inbox.take("a", {"9"}));
        CHECK(inbox.take("b", {"8"}));
        CHECK(inbox.take("nothing to do", {}));
    }
    WebhookInbox inbox(world.open());
    auto pending = inbox.pending();
    CHECK(pending.events == std::vector<std::string>{"a", "b"});
    CHECK(pending.products == std::vector<std::string>{"7", "8"});
    CHECK(inbox.take("c", {"9"}));
    inbox.settle(pending.events);
    CHECK(inbox.pending().events == std::vector<std::string>{"c"});
    CHECK_FALSE(inbox.take("a", {"7"}));
    CHECK(inbox.pending().products == std::vector<std::string>{"9"});
}

TEST_CASE("ids of events are forgotten after a week", "[store]") {
    test::World world;
    WebhookInbox inbox(world.open());
    CHECK(inbox.take("a", {"7"}));
    world.clock.advance(WebhookInbox::kRemembered - sync::kHour);
    CHECK_FALSE(inbox.take("a", {"7"}));
    world.clock.advance(2 * sync::kHour);
    CHECK(inbox.take("a", {"7"}));
}

TEST_CASE("the memory for events is bounded, and the oldest go first", "[store]") {
    test::World world;
    WebhookInbox inbox(world.open());
    constexpr int kMore = 5;
    for (int i = 0; i < static_cast<int>(WebhookInbox::kMost) + kMore; ++i) {
        world.clock.advance(1);
        REQUIRE(inbox.take(std::to_string(i), {std::to_string(i)}));
    }
    CHECK(inbox.pending().events.size() == WebhookInbox::kMost);
    CHECK_FALSE(inbox.take(std::to_string(kMore + 1), {"1"}));
    CHECK(inbox.take("0", {"1"}));
}
