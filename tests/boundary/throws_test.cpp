// Whatever is thrown on one side arrives on the other as a code and a text, at every function of the
// boundary. Which functions there are is read from the recorded layout, so that none can be forgotten.
#include <catch2/catch.hpp>
#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

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

// All functions in the tables of abi.h, as "table.member".
std::set<std::string> boundary_functions() {
    std::set<std::string> functions;
    const auto note = [&](const char* name, std::string_view type) {
        if (type.find("(*)") != std::string_view::npos) functions.insert(name);
    };
#define CRM_LAYOUT_CONSTANT(name, value)
#define CRM_LAYOUT_TEXT(name, value)
#define CRM_LAYOUT_MACRO(name, ...)
#define CRM_LAYOUT_TYPE(name, ...)
#define CRM_LAYOUT_OPAQUE(name)
#define CRM_LAYOUT_TABLE(name, size)
#define CRM_LAYOUT_MEMBER(table, member, offset, ...) note(#table "." #member, #__VA_ARGS__);
#include "abi-layout.def"
    return functions;
}

// The module's functions behind which a connector's own code runs: the entries of the fixture that throw when
// the settings say so, and a call that leads there.
struct Parts {
    const std::filesystem::path& file;
    MemoryHost& host;
    crm::IConnector& connector;
};
struct ModuleEntry {
    std::vector<std::string> throwing;
    std::function<void(const Parts&)> call;
};
const std::map<std::string, ModuleEntry>& module_entries() {
    static const std::map<std::string, ModuleEntry> entries{
        {"crm_connector.create",
         {{"create"}, [](const Parts& parts) { crm::load_connector(parts.file, parts.host); }}},
        {"crm_connector.describe", {{"describe"}, [](const Parts& parts) { parts.connector.describe(); }}},
        {"crm_connector.run_due",
         {{"run_due", "scheduler"}, [](const Parts& parts) { parts.connector.scheduler().run_due(0, 1); }}},
        {"crm_connector.handle_http",
         {{"handle_http"},
          [](const Parts& parts) {
              MemoryResponse response;
              parts.connector.handle_http({"echo", ""}, response);
          }}},
        {"crm_connector.status", {{"status"}, [](const Parts& parts) { parts.connector.status(); }}},
        {"crm_connector.stop", {{"stop"}, [](const Parts& parts) { parts.connector.stop(1); }}},
    };
    return entries;
}

// The host's functions behind which the host's own code runs and which can say that it failed: what the
// fixture calls them.
const std::map<std::string, std::string> kServices{
    {"crm_settings.put", "put_settings"}, {"crm_records.query", "query"},
    {"crm_records.upsert", "upsert"},     {"crm_keys.wrap", "wrap"},
    {"crm_keys.unwrap", "unwrap"},        {"crm_files.directory", "directory"}};
const std::map<std::string, std::string> kClocks{{"crm_clock.now_us", "now"},
                                                 {"crm_clock.monotonic_us", "monotonic"}};

// Functions that have no code to answer, and behind which nothing can throw: the C++ above them says so.
static_assert(noexcept(std::declval<crm::IHost&>().log(crm::LogLevel::kInfo, "")));
static_assert(noexcept(std::declval<crm::IHost&>().notify("")));
static_assert(noexcept(std::declval<crm::IHost&>().wake()));
static_assert(noexcept(std::declval<crm::IHost&>().threads_allowed()));
static_assert(std::is_nothrow_destructible_v<crm::IConnector>);
const std::set<std::string> kNeverThrow{"crm_log.write", "crm_notify.post", "crm_wake.wake",
                                        "crm_threads.allowed", "crm_connector.destroy"};
// The SDK's own look-ups, which run nobody's code.
const std::set<std::string> kLookUps{"crm_host.query", "crm_entry.query"};
// Tests of their own below.
const std::set<std::string> kOthers{"crm_connector.cancel", "crm_settings.get", "crm_sink.write"};

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

TEST_CASE("every function of the boundary has something thrown at it, or can't throw") {
    std::multiset<std::string> covered;
    const auto cover = [&](const auto& names) { covered.insert(names.begin(), names.end()); };
    const auto keys = [](const auto& map) {
        std::set<std::string> names;
        for (const auto& entry : map) names.insert(entry.first);
        return names;
    };
    cover(keys(module_entries()));
    cover(keys(kServices));
    cover(keys(kClocks));
    cover(kNeverThrow);
    cover(kLookUps);
    cover(kOthers);
    const std::set<std::string> functions = boundary_functions();
    CHECK(functions.size() >= 24);  // the first version's
    CHECK(std::vector<std::string>(covered.begin(), covered.end()) ==
          std::vector<std::string>(functions.begin(), functions.end()));
}

TEST_CASE("what the module throws arrives as a code, at every entry") {
    for (const auto& file : fixture_modules()) {
        CAPTURE(file);
        MemoryHost host;
        const auto connector = crm::load_connector(file, host);
        const Parts parts{file, host, *connector};
        for (const auto& [function, entry] : module_entries()) {
            CAPTURE(function);
            for (const auto& throwing : entry.throwing)
                check_entry(throwing, host, [&] { entry.call(parts); });
        }
        // cancel has no way to say that it failed: it must simply not end the process.
        for (const char* kind : {"cancel:error", "cancel:std", "cancel:int", "scheduler:int"}) {
            host.stored_settings = kind;
            connector->scheduler().cancel();
        }
        host.stored_settings = "{}";
        CHECK(connector->describe() == R"({"id":"fixture"})");
    }
}

TEST_CASE("what the host throws arrives in the module as a code, at every service") {
    for (const auto& file : fixture_modules()) {
        CAPTURE(file);
        MemoryHost host;
        const auto connector = crm::load_connector(file, host);
        const auto ask = [&](const std::string& service) {
            MemoryResponse response;
            connector->handle_http({service, "x"}, response);
            return response.body;
        };
        for (const auto& [function, service] : kServices) {
            CAPTURE(function);
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
        for (const auto& [function, clock] : kClocks) {
            CAPTURE(function);
            host.throwing_service = clock;
            CHECK(std::stoll(ask(clock)) > 77);
        }
    }
}

TEST_CASE("what a sink of the host throws ends the answer and comes back to the host as it was") {
    // Throws at the head or at the body.
    struct Throwing final : crm::IHttpResponse {
        Throwing(bool head, std::string what) : at_head(head), kind(std::move(what)) {}
        void begin(std::string_view) override { trip(at_head); }
        void write(std::string_view) override { trip(!at_head); }
        void trip(bool here) {
            if (!here) return;
            ++thrown;
            if (kind == "error") throw crm::Error(CRM_NOT_FOUND, "the sink refused");
            if (kind == "std") throw std::runtime_error("the sink broke");
            throw 42;
        }
        bool at_head;
        std::string kind;
        int thrown = 0;
    };
    for (const auto& file : fixture_modules()) {
        CAPTURE(file);
        MemoryHost host;
        const auto connector = crm::load_connector(file, host);
        for (const bool head : {true, false}) {
            Throwing error(head, "error"), standard(head, "std"), number(head, "int");
            CHECK(failure_of([&] { connector->handle_http({"echo", ""}, error); }).code == CRM_NOT_FOUND);
            CHECK_THROWS_WITH(connector->handle_http({"echo", ""}, standard), "the sink broke");
            CHECK_THROWS_AS(connector->handle_http({"echo", ""}, number), int);
            for (const Throwing* sink : {&error, &standard, &number}) CHECK(sink->thrown == 1);
        }
        CHECK(connector->describe() == R"({"id":"fixture"})");
    }
}
