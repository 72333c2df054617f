// Whatever is thrown on one side arrives on the other as a code and a text, at every entry.
#include <catch2/catch.hpp>
#include <functional>
#include <string>

#include "fixtures.hpp"
#include "memory_host.hpp"

namespace {

struct Failure {
    crm_result code = CRM_OK;
    std::string text;
};

Failure failure_of(const std::function<void()>& work) {
    try {
        work();
    } catch (const crm::Error& failure) {
        return {failure.code(), failure.what()};
    }
    return {};
}

void check_entry(const std::string& entry, MemoryHost& host, const std::function<void()>& work) {
    CAPTURE(entry);
    host.stored_settings = entry + ":error";
    Failure failure = failure_of(work);
    CHECK(failure.code == CRM_AUTH);
    CHECK(failure.text == "refused at " + entry);

    host.stored_settings = entry + ":std";
    failure = failure_of(work);
    CHECK(failure.code == CRM_INTERNAL);
    CHECK(failure.text == "broke at " + entry);

    host.stored_settings = entry + ":int";
    failure = failure_of(work);
    CHECK(failure.code == CRM_INTERNAL);
    CHECK(failure.text == "an exception of unknown type");

    host.stored_settings = entry + ":ok";
    failure = failure_of(work);
    CHECK(failure.code == CRM_INTERNAL);
    host.stored_settings = "{}";
}

}  // namespace

TEST_CASE("what the module throws arrives as a code, at every entry") {
    const auto file = GENERATE(from_range(fixture_modules()));
    CAPTURE(file);
    MemoryHost host;
    check_entry("create", host, [&] { crm::load_connector(file, host); });
    const auto connector = crm::load_connector(file, host);
    MemoryResponse response;
    check_entry("describe", host, [&] { connector->describe(); });
    check_entry("status", host, [&] { connector->status(); });
    check_entry("stop", host, [&] { connector->stop(1); });
    check_entry("handle_http", host, [&] { connector->handle_http({"echo", ""}, response); });
    check_entry("run_due", host, [&] { connector->scheduler().run_due(0, 1); });
    check_entry("scheduler", host, [&] { connector->scheduler().run_due(0, 1); });
    // cancel has no way to say that it failed: it must simply not end the process.
    for (const char* kind : {"cancel:error", "cancel:std", "cancel:int", "scheduler:int"}) {
        host.stored_settings = kind;
        connector->scheduler().cancel();
    }
    host.stored_settings = "{}";
    CHECK(connector->describe() == R"({"id":"fixture"})");
}

TEST_CASE("what the host throws arrives in the module as a code, at every service") {
    const auto file = GENERATE(from_range(fixture_modules()));
    CAPTURE(file);
    MemoryHost host;
    const auto connector = crm::load_connector(file, host);
    const auto ask = [&](const std::string& service) {
        MemoryResponse response;
        connector->handle_http({service, "x"}, response);
        return response.body;
    };
    for (const std::string service : {"put_settings", "query", "upsert", "wrap", "unwrap", "directory"}) {
        CAPTURE(service);
        host.throwing_service = service;
        host.thrown = "error";
        CHECK(ask(service) == "code 3: the host refused " + service);
        host.thrown = "std";
        CHECK(ask(service) == "code 7: the host broke at " + service);
        host.thrown = "int";
        CHECK(ask(service) == "code 7: an exception of unknown type");
    }
    // The fixture reads the settings at each entry, so here the failure goes all the way round.
    host.throwing_service = "settings";
    host.thrown = "error";
    const Failure failure = failure_of([&] { connector->describe(); });
    CHECK(failure.code == CRM_CONFLICT);
    CHECK(failure.text == "the host refused settings");
    // A clock can't fail; the module gets the system's time instead.
    for (const std::string clock : {"now", "monotonic"}) {
        host.throwing_service = clock;
        CHECK(std::stoll(ask(clock)) > 77);
    }
}
