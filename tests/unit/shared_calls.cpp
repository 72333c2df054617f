#include <future>
#include <stdexcept>

#include <catch2/catch.hpp>

#include "instance/shared_calls.hpp"

using metakocka::SharedCalls;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds kLong{60'000};

}  // namespace

TEST_CASE("while one call is under way nobody makes another for the same") {
    SharedCalls<int> calls;
    std::promise<void> open;
    std::promise<void> begun;
    auto first = std::async(std::launch::async, [&] {
        return calls.ask("a", kLong, [&] {
            begun.set_value();
            open.get_future().wait();
            return 1;
        });
    });
    begun.get_future().wait();
    // These wait no longer than their patience, and their own calls are not made.
    for (int i = 0; i < 20; ++i) CHECK_FALSE(calls.ask("a", milliseconds(1), [] { return 2; }));
    CHECK(calls.ask("b", milliseconds(1), [] { return 3; }) == 3);
    open.set_value();
    CHECK(first.get() == 1);
    CHECK(calls.ask("a", kLong, [] { return 4; }) == 4);
}

TEST_CASE("what the call throws is thrown to those who wait, and the next asks anew") {
    SharedCalls<int> calls;
    CHECK_THROWS_AS(calls.ask("a", kLong, []() -> int { throw std::runtime_error("no"); }),
                    std::runtime_error);
    CHECK(calls.ask("a", kLong, [] { return 3; }) == 3);
}
