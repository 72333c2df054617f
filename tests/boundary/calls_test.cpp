// Calls in both directions through a real module.
#include <atomic>
#include <catch2/catch.hpp>
#include <string>
#include <thread>
#include <vector>

#include "crm/loader.hpp"
#include "fixtures.hpp"
#include "memory_host.hpp"

namespace {

std::string ask(crm::IConnector& connector, const std::string& head, const std::string& body = {}) {
    MemoryResponse response;
    connector.handle_http({head, body}, response);
    CHECK(response.head == R"({"status":200,"headers":{}})");
    return response.body;
}

}  // namespace

TEST_CASE("a module answers through the proxy") {
    const auto file = GENERATE(from_range(fixture_modules()));
    CAPTURE(file);
    MemoryHost host;
    {
        const auto connector = crm::load_connector(file, host);
        CHECK(connector->describe() == R"({"id":"fixture"})");
        CHECK(connector->status() == R"({"state":"ok","text":"žive"})");
        CHECK(connector->scheduler().run_due(1000, 500) == 1500);
        CHECK(connector->scheduler().run_due(1000, 0) == crm::kNever);
        connector->scheduler().cancel();
        CHECK(connector->stop(1));
        CHECK_FALSE(connector->stop(0));
        CHECK(ask(*connector, "echo", std::string("a\0b", 3)) == std::string("a\0b!", 4));
    }
    CHECK(host.log_lines == std::vector<std::string>{"1 created", "2 cancelled", "1 destroyed"});
}

TEST_CASE("a module calls every service of the host") {
    const auto file = GENERATE(from_range(fixture_modules()));
    CAPTURE(file);
    MemoryHost host;
    const auto connector = crm::load_connector(file, host);
    CHECK(ask(*connector, "now") == "1700000000000000");
    CHECK(ask(*connector, "monotonic") == "77");
    CHECK(ask(*connector, "put_settings", R"({"a":1})") == "put");
    CHECK(ask(*connector, "settings") == R"({"a":1})");
    CHECK(ask(*connector, "query", "q") == "found q");
    CHECK(ask(*connector, "upsert", "u") == "wrote u");
    CHECK(ask(*connector, "changes", "c") == "changed c");
    CHECK(ask(*connector, "wrap", "key") == "wrapped key");
    CHECK(ask(*connector, "unwrap", "wrapped key") == "key");
    CHECK(ask(*connector, "directory") == host.directory());
    ask(*connector, "notify", R"({"id":"n"})");
    CHECK(host.notices == std::vector<std::string>{R"({"id":"n"})"});
    ask(*connector, "wake");
    CHECK(host.wakes == 1);
    CHECK(ask(*connector, "threads") == "3");
}

TEST_CASE("instances of one module are separate, and the module is loaded once") {
    const auto file = GENERATE(from_range(fixture_modules()));
    CAPTURE(file);
    CHECK(crm::load_module(file) == crm::load_module(file));
    MemoryHost first;
    MemoryHost second;
    const auto one = crm::load_connector(file, first);
    const auto two = crm::load_connector(file, second);
    ask(*one, "put_settings", "one");
    ask(*two, "put_settings", "two");
    CHECK(ask(*one, "settings") == "one");
    CHECK(ask(*two, "settings") == "two");
}

TEST_CASE("a copy with other bytes under a loaded id is refused") {
    const auto file = GENERATE(from_range(fixture_modules()));
    CAPTURE(file);
    const auto running = crm::load_module(file);
    const PluginFolder folder;
    const std::string bytes = read_text(file) + " ";
    const auto copy = folder.add("copy", bytes);
    std::string manifest = read_text(folder.path() / "copy.json");
    manifest.replace(manifest.find(R"("id":"copy")"), 11, R"("id":")" + file.stem().string() + '"');
    folder.write("copy.json", manifest);
    CHECK_THAT(refusal(copy), Catch::Contains("Restart the host to upgrade"));
}

TEST_CASE("an answer out of order is a defect, and a client that went away is told as such") {
    const auto file = GENERATE(from_range(fixture_modules()));
    CAPTURE(file);
    MemoryHost host;
    const auto connector = crm::load_connector(file, host);
    MemoryResponse response;
    CHECK_THROWS_WITH(connector->handle_http({"silent", ""}, response), Catch::Contains("with nothing"));
    CHECK_THROWS_WITH(connector->handle_http({"early", ""}, response), Catch::Contains("before it began"));
    CHECK_THROWS_WITH(connector->handle_http({"twice", ""}, response), Catch::Contains("twice"));

    MemoryResponse leaving;
    leaving.gone_after = 10 * 1024 * 1024;
    try {
        connector->handle_http({"huge", ""}, leaving);
        FAIL("the module wrote to a client that had gone");
    } catch (const crm::Error& failure) {
        CHECK(failure.code() == CRM_CANCELLED);
        CHECK(std::string(failure.what()) == "the client has gone");
    }
}

TEST_CASE("a body may be larger than the bound on texts, a text may not") {
    const auto file = GENERATE(from_range(fixture_modules()));
    CAPTURE(file);
    MemoryHost host;
    const auto connector = crm::load_connector(file, host);
    CHECK(ask(*connector, "huge").size() == std::size_t{100} * 1024 * 1024);
    host.stored_settings = "huge status";
    CHECK_THROWS_WITH(connector->status(), Catch::Contains("more than 64 MiB"));
}

TEST_CASE("calls tagged any-thread answer while run_due goes on, and loading is safe from any thread") {
    const auto file = GENERATE(from_range(fixture_modules()));
    CAPTURE(file);
    MemoryHost host;
    const auto connector = crm::load_connector(file, host);
    std::atomic<int> right = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&, t] {
            for (int i = 0; i < 200; ++i) {
                MemoryResponse response;
                const std::string body = std::to_string(t * 1000 + i);
                connector->handle_http({"echo", body}, response);
                if (response.body == body + "!" && connector->status().find("ok") != std::string::npos)
                    ++right;
            }
            for (const auto& other : fixture_modules()) crm::load_module(other);
        });
    }
    for (int i = 0; i < 200; ++i) connector->scheduler().run_due(i, 1);
    for (auto& thread : threads) thread.join();
    CHECK(right == 800);
}
