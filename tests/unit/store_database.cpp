#include <atomic>
#include <filesystem>
#include <fstream>
#include <future>
#include <stdexcept>
#include <string>
#include <thread>
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

namespace {

constexpr char kAddOne[] = "INSERT INTO memo (instance, kind, name, sealed) VALUES (?1, 0, ?2, 'x')";
constexpr char kCount[] = "SELECT count(*) FROM memo WHERE instance = ?1";

std::int64_t memos(Database& database) {
    return database.read([](Connection& connection) {
        auto count = connection.use(kCount);
        count.bind("i").step();
        return count.integer(0);
    });
}

int version_of(Database& database) {
    return database.read([](Connection& connection) { return schema_version(connection); });
}

StoreProblem problem_of_opening(const std::filesystem::path& file) {
    try {
        Database::open(file);
    } catch (const StoreError& error) {
        return error.problem();
    }
    FAIL("it opened");
    return StoreProblem::kOther;
}

}  // namespace

TEST_CASE("migrations are numbered from 1 on without gaps", "[store]") {
    int expected = 1;
    for (const Migration& step : migrations()) CHECK(step.version == expected++);
}

TEST_CASE("every version can be brought up to date with its data kept", "[store]") {
    for (std::size_t old = 1; old <= migrations().size(); ++old) {
        test::TempFolder folder;
        {
            auto database = Database::open(folder.file(), migrations().first(old));
            CHECK(version_of(*database) == static_cast<int>(old));
            database->write([](Connection& connection) { connection.use(kAddOne).bind("i", "a").run(); });
        }
        // A step after today's, as a later version of the module will have one.
        std::vector<Migration> steps(migrations().begin(), migrations().end());
        const int next = steps.back().version + 1;
        steps.push_back({next, "ALTER TABLE memo ADD COLUMN extra TEXT"});
        auto database = Database::open(folder.file(), steps);
        CHECK(version_of(*database) == next);
        CHECK(memos(*database) == 1);
        // Opening it once more changes nothing.
        CHECK(version_of(*Database::open(folder.file(), steps)) == next);
    }
}

TEST_CASE("a newer schema is refused and left alone", "[store]") {
    test::TempFolder folder;
    std::vector<Migration> steps(migrations().begin(), migrations().end());
    steps.push_back({steps.back().version + 1, "CREATE TABLE later (id INTEGER)"});
    Database::open(folder.file(), steps);
    CHECK(problem_of_opening(folder.file()) == StoreProblem::kNewerSchema);
    CHECK(version_of(*Database::open(folder.file(), steps)) == steps.back().version);
}

TEST_CASE("a migration that fails half-way changes nothing", "[store]") {
    test::TempFolder folder;
    std::vector<Migration> steps(migrations().begin(), migrations().end());
    const int now = steps.back().version;
    steps.push_back({now + 1, "CREATE TABLE later (id INTEGER); nonsense"});
    CHECK_THROWS_AS(Database::open(folder.file(), steps), StoreError);
    steps.back().sql = "CREATE TABLE later (id INTEGER)";
    CHECK(version_of(*Database::open(folder.file(), steps)) == now + 1);
}

TEST_CASE("every key begins with the instance", "[store]") {
    test::TempFolder folder;
    auto database = Database::open(folder.file());
    database->read([](Connection& connection) {
        auto rows = connection.use(
            "SELECT m.name, (SELECT p.name FROM pragma_table_info(m.name) p WHERE p.pk = 1) "
            "FROM sqlite_master m WHERE m.type = 'table' AND m.name <> 'schema_version'");
        int tables = 0;
        while (rows.step()) {
            INFO(rows.text(0));
            CHECK(rows.text(1) == "instance");
            ++tables;
        }
        CHECK(tables == 16);
    });
}

TEST_CASE("the files are for their owner only", "[store]") {
    test::World world;
    auto instance = world.open();
    namespace fs = std::filesystem;
    int files = 0;
    for (const auto& entry : fs::directory_iterator(world.folder.path())) {
        INFO(entry.path().string());
        CHECK(entry.status().permissions() == (fs::perms::owner_read | fs::perms::owner_write));
        ++files;
    }
    CHECK(files == 3);  // with the write-ahead log and its index
}

TEST_CASE("a file that is no database is refused and left alone", "[store]") {
    test::TempFolder folder;
    const std::string text = std::string(5000, 'x');
    std::ofstream(folder.file()) << text;
    CHECK(problem_of_opening(folder.file()) == StoreProblem::kCorrupt);
    CHECK(folder.bytes() == text);
}

TEST_CASE("a folder that can't be made is a clear error", "[store]") {
    CHECK(problem_of_opening("/proc/nowhere/autosync.db") == StoreProblem::kReadOnly);
}

TEST_CASE("a write that throws leaves nothing behind", "[store]") {
    test::TempFolder folder;
    auto database = Database::open(folder.file());
    CHECK_THROWS_AS(database->write([](Connection& connection) {
        connection.use(kAddOne).bind("i", "a").run();
        throw std::runtime_error("in the middle");
    }),
                    std::runtime_error);
    CHECK(memos(*database) == 0);
    database->write([](Connection& connection) { connection.use(kAddOne).bind("i", "b").run(); });
    CHECK(memos(*database) == 1);
}

TEST_CASE("readers can't write", "[store]") {
    test::TempFolder folder;
    auto database = Database::open(folder.file());
    CHECK_THROWS_AS(
        database->read([](Connection& connection) { connection.use(kAddOne).bind("i", "a").run(); }),
        StoreError);
}

TEST_CASE("a read does not wait for a write that is going on", "[store]") {
    test::TempFolder folder;
    auto database = Database::open(folder.file());
    std::promise<void> written;
    std::promise<void> read;
    std::thread writer([&] {
        database->write([&](Connection& connection) {
            connection.use(kAddOne).bind("i", "a").run();
            written.set_value();
            read.get_future().wait();
        });
    });
    written.get_future().wait();
    const std::int64_t seen = memos(*database);
    read.set_value();
    writer.join();
    CHECK(seen == 0);
    CHECK(memos(*database) == 1);
}

TEST_CASE("many readers see whole commits while a run writes", "[store]") {
    test::World world;
    auto instance = world.open();
    Store store(instance);
    constexpr int kPages = 40;
    constexpr std::size_t kPage = 50;
    std::atomic<bool> done = false;
    std::atomic<int> torn = 0;
    std::vector<std::thread> readers;
    // More than there are reading connections.
    for (int i = 0; i < 12; ++i) {
        readers.emplace_back([&] {
            RunLog log(instance);
            while (!done) {
                if (log.counts(RecordKind::kProducts).linked % kPage != 0) ++torn;
                log.list(std::nullopt, "", 3);
            }
        });
    }
    for (int page = 0; page < kPages; ++page) {
        sync::Batch batch;
        for (std::size_t i = 0; i < kPage; ++i) {
            const std::string id = std::to_string(page) + "-" + std::to_string(i);
            batch.links.push_back(link_of(id, id));
        }
        store.commit(run("r1"), batch);
    }
    done = true;
    for (auto& reader : readers) reader.join();
    CHECK(torn == 0);
    CHECK(RunLog(instance).counts(RecordKind::kProducts).linked == kPages * kPage);
}

TEST_CASE("a copy of the files at any moment is a whole database", "[store]") {
    // What a killed process leaves: the files as they are, with the log not yet moved into the database.
    test::World world;
    auto instance = world.open();
    Store store(instance);
    store.commit(run("r1"), {{link_of("e1", "c1", "kept")}, {}, {}, {}, {}});
    test::World copy;
    instance->database().write([&](Connection& connection) {
        connection.use(kAddOne).bind("i", "half").run();
        std::filesystem::copy(world.folder.path(), copy.folder.path(),
                              std::filesystem::copy_options::recursive);
    });
    auto restored = copy.open();
    CHECK(Store(restored).base(RecordKind::kProducts, "e1") == "kept");
    CHECK(memos(restored->database()) == 0);
}
