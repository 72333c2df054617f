#include <atomic>
#include <catch2/catch.hpp>
#include <stdexcept>
#include <thread>

#include "api/read_ahead.hpp"

using metakocka::api::ReadAhead;

TEST_CASE("a page that was read ahead is handed out once, and only for what was asked") {
    ReadAhead<int, int> ahead;
    CHECK(ahead.take(1) == std::nullopt);
    ahead.start(1, [] { return 10; });
    CHECK(ahead.take(1) == 10);
    CHECK(ahead.take(1) == std::nullopt);
    ahead.start(2, [] { return 20; });
    CHECK(ahead.take(3) == std::nullopt);
    CHECK(ahead.take(2) == std::nullopt);  // forgotten: the list may have moved meanwhile
}

TEST_CASE("reading ahead goes on beside its owner, in another thread") {
    ReadAhead<int, std::thread::id> ahead;
    std::promise<void> go;
    ahead.start(1, [&] {
        go.get_future().wait();
        return std::this_thread::get_id();
    });
    CHECK(ahead.reading());
    go.set_value();
    ahead.settle();
    CHECK_FALSE(ahead.reading());
    const auto thread = ahead.take(1);
    REQUIRE(thread);
    CHECK(*thread != std::this_thread::get_id());
}

TEST_CASE("what goes wrong while reading ahead is told to who asks for the page, and to nobody else") {
    ReadAhead<int, int> ahead;
    ahead.start(1, []() -> int { throw std::runtime_error("the ERP is away"); });
    ahead.settle();
    CHECK_THROWS_WITH(ahead.take(1), "the ERP is away");
    CHECK(ahead.take(1) == std::nullopt);  // asked again, it is read again
    ahead.start(1, []() -> int { throw std::runtime_error("the ERP is away"); });
    CHECK(ahead.take(2) == std::nullopt);
}

TEST_CASE("its end waits for the thread, which may not outlive what it uses") {
    std::atomic<bool> done{false};
    {
        std::promise<void> go;
        ReadAhead<int, int> ahead;
        ahead.start(1, [&] {
            go.get_future().wait();
            done = true;
            return 1;
        });
        go.set_value();
    }
    CHECK(done);
}
