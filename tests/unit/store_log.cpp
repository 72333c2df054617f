#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "store/error.hpp"
#include "store/fold.hpp"
#include "store/log_book.hpp"
#include "store_fixture.hpp"

using namespace metakocka;
using namespace metakocka::store;

namespace {

LogEntry entry(const std::string& message, LogLevel level = LogLevel::kInfo,
               std::optional<RecordKind> type = std::nullopt, const std::string& operation = "scan",
               const std::string& run_id = "") {
    LogEntry made;
    made.level = level;
    made.type = type;
    made.operation = operation;
    made.run_id = run_id;
    made.message = message;
    return made;
}

std::string messages(const Page<LogEntry>& page) {
    std::string joined;
    for (const LogEntry& one : page.items) joined += one.message + ",";
    return joined;
}

}  // namespace

TEST_CASE("log entries come back whole, newest first, page by page", "[store]") {
    test::World world;
    LogBook book(world.open());
    auto first = entry("first", LogLevel::kError, RecordKind::kInventory, "create", "r1");
    first.details = R"({"calls": 3})";
    const LogEntry appended = book.append(first);
    CHECK(appended.id > 0);
    CHECK(appended.at == world.clock.now());
    for (int i = 1; i < 10; ++i) {
        // Many entries may carry one time; they keep their order.
        if (i % 4 == 0) world.clock.advance(1);
        book.append(entry(std::to_string(i)));
    }
    std::string walked;
    std::string before;
    LogEntry last;
    do {
        const auto page = book.query({}, before, 4);
        CHECK(page.items.size() <= 4);
        walked += messages(page);
        last = page.items.back();
        before = page.next.value_or("");
    } while (!before.empty());
    CHECK(walked == "9,8,7,6,5,4,3,2,1,first,");
    CHECK(last.id == appended.id);
    CHECK(last.at == appended.at);
    CHECK(last.level == LogLevel::kError);
    CHECK(last.type == RecordKind::kInventory);
    CHECK(last.operation == "create");
    CHECK(last.run_id == "r1");
    CHECK(last.details == first.details);
    CHECK_THROWS_AS(book.query({}, "x", 4), StoreError);
}

TEST_CASE("the log is filtered by everything at once", "[store]") {
    test::World world;
    LogBook book(world.open());
    const sync::Instant start = world.clock.now();
    book.append(entry("a", LogLevel::kInfo, RecordKind::kProducts, "scan", "r1"));
    world.clock.advance(10);
    book.append(entry("b", LogLevel::kError, RecordKind::kProducts, "create", "r1"));
    world.clock.advance(10);
    book.append(entry("c", LogLevel::kWarning, RecordKind::kContacts, "create", "r2"));
    world.clock.advance(10);
    book.append(entry("d Škoda", LogLevel::kDebug, std::nullopt, "settings"));

    const auto found = [&](const auto& set) {
        LogFilter filter;
        set(filter);
        return messages(book.query(filter, "", 10));
    };
    CHECK(found([](LogFilter& f) { f.type = RecordKind::kProducts; }) == "b,a,");
    CHECK(found([](LogFilter& f) { f.level = LogLevel::kWarning; }) == "c,");
    CHECK(found([](LogFilter& f) { f.min_level = LogLevel::kWarning; }) == "c,b,");
    CHECK(found([](LogFilter& f) { f.operation = "create"; }) == "c,b,");
    CHECK(found([](LogFilter& f) { f.run_id = "r1"; }) == "b,a,");
    CHECK(found([](LogFilter& f) { f.q = "šKODA"; }) == "d Škoda,");
    CHECK(found([](LogFilter& f) { f.q = "%"; }).empty());
    CHECK(found([&](LogFilter& f) { f.from = start + 10; }) == "d Škoda,c,b,");
    CHECK(found([&](LogFilter& f) { f.to = start + 10; }) == "a,");
    CHECK(found([&](LogFilter& f) {
              f.type = RecordKind::kProducts;
              f.operation = "create";
              f.run_id = "r1";
              f.min_level = LogLevel::kError;
              f.from = start;
              f.to = start + 11;
              f.q = "B";
          }) == "b,");
}

TEST_CASE("pages of a text search are full and lead on", "[store]") {
    test::World world;
    LogBook book(world.open());
    for (int i = 0; i < 100; ++i) book.append(entry(i % 10 == 0 ? "match " + std::to_string(i) : "other"));
    LogFilter filter;
    filter.q = "MATCH";
    const auto first = book.query(filter, "", 6);
    CHECK(first.items.size() == 6);
    REQUIRE(first.next);
    const auto second = book.query(filter, *first.next, 6);
    CHECK(second.items.size() == 4);
    CHECK_FALSE(second.next);
}

TEST_CASE("export calls for every row, both ways, and can be stopped", "[store]") {
    test::World world;
    LogBook book(world.open());
    constexpr int kEntries = 1'203;
    for (int i = 0; i < kEntries; ++i) book.append(entry(std::to_string(i)));
    int expected = 0;
    book.export_rows({}, LogOrder::kOldestFirst, [&](const LogEntry& one) {
        if (one.message != std::to_string(expected)) return false;
        ++expected;
        return true;
    });
    CHECK(expected == kEntries);
    book.export_rows({}, LogOrder::kNewestFirst,
                     [&](const LogEntry& one) { return one.message == std::to_string(--expected); });
    CHECK(expected == 0);
    int calls = 0;
    book.export_rows({}, LogOrder::kNewestFirst, [&](const LogEntry&) { return ++calls < 7; });
    CHECK(calls == 7);
}

TEST_CASE("the log is pruned by age and by count", "[store]") {
    test::World world;
    LogBook book(world.open());
    for (int i = 0; i < 10; ++i) {
        book.append(entry(std::to_string(i)));
        world.clock.advance(sync::kDay);
    }
    CHECK(book.prune(world.clock.now() - 7 * sync::kDay, 100) == 3);
    CHECK(messages(book.query({}, "", 100)) == "9,8,7,6,5,4,3,");
    CHECK(book.prune(0, 2) == 5);
    CHECK(messages(book.query({}, "", 100)) == "9,8,");
    CHECK(book.prune(0, 2) == 0);
}

TEST_CASE("levels have names", "[store]") {
    for (const auto level : {LogLevel::kDebug, LogLevel::kInfo, LogLevel::kWarning, LogLevel::kError}) {
        CHECK(parse_level(to_text(level)) == level);
    }
    CHECK_FALSE(parse_level("loud"));
}

TEST_CASE("capitals are folded for the languages at hand", "[store]") {
    CHECK(fold_case("ČŠŽĐĆ ÄÖÜ ŁŃŐŰŽ Ÿ ×") == "čšžđć äöü łńőűž ÿ ×");
    CHECK(fold_case("čšžđć äöü ß ÿ ĸ ŉ ſ ÷") == "čšžđć äöü ß ÿ ĸ ŉ ſ ÷");
    CHECK(fold_case("ABC xyz 1") == "abc xyz 1");
    CHECK(fold_case("\xC4") == "\xC4");
    CHECK(fold_case("\xC4Z") == "\xC4z");
}
