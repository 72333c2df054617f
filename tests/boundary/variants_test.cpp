// Whatever compiler and standard library a module was built with, the host sees the same.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <string>
#include <vector>

#include "fixtures.hpp"
#include "memory_host.hpp"

namespace {

// Keeps what a run writes, and refuses some of it in different ways.
class RecordingHost : public MemoryHost {
  public:
    std::vector<std::string> written;

    std::string query_records(std::string_view) override { return "Ana\nžaba\nrefused\nbroken\nodd\nlast"; }
    std::string upsert_records(std::string_view record) override {
        if (record == "refused") throw crm::Error(CRM_CONFLICT, "somebody else changed it");
        if (record == "broken") throw std::runtime_error("the disk is full");
        if (record == "odd") throw 42;
        written.emplace_back(record);
        return "stored as " + std::to_string(written.size());
    }
};

template <class Work>
std::string outcome(Work&& work) {
    try {
        return work();
    } catch (const crm::Error& failure) {
        return "code " + std::to_string(failure.code()) + ": " + failure.what();
    }
}

}  // namespace

TEST_CASE("modules of every compiler sync and report errors to the letter alike") {
    const auto file = GENERATE(from_range(fixture_modules()));
    CAPTURE(file);
    RecordingHost host;
    std::vector<std::string> seen;
    {
        const auto connector = crm::load_connector(file, host);
        const auto run = [&] { return std::to_string(connector->scheduler().run_due(1000, 500)); };
        host.stored_settings = "sync";
        seen.push_back(outcome(run));
        for (const char* fault : {"error", "std", "int", "ok"}) {
            host.stored_settings = std::string("run_due:") + fault;
            seen.push_back(outcome(run));
        }
        host.stored_settings = "{}";
        seen.push_back(outcome(run));
    }
    host.stored_settings = "create:error";
    seen.push_back(outcome([&] { return crm::load_connector(file, host)->describe(); }));

    CHECK(seen == std::vector<std::string>{"1500", "code 1: refused at run_due", "code 7: broke at run_due",
                                           "code 7: an exception of unknown type",
                                           "code 7: a failure with the code of success", "1500",
                                           "code 1: refused at create"});
    CHECK(host.written == std::vector<std::string>{"Ana", "žaba", "last"});
    CHECK(host.log_lines == std::vector<std::string>{"1 created", "1 Ana stored as 1", "1 žaba stored as 2",
                                                     "2 refused code 3: somebody else changed it",
                                                     "2 broken code 7: the disk is full",
                                                     "2 odd code 7: an exception of unknown type",
                                                     "1 last stored as 3", "1 destroyed"});
}

// A missing compiler is told, never passed over; with BOUNDARY_ALL_COMPILERS=1 it is a failure.
TEST_CASE("modules by every compiler were tested") {
    CHECK_FALSE(fixture_modules().empty());
    for (const auto& variant : words(MISSING_VARIANTS)) {
        const std::string text = "no compiler for the fixture " + variant + " at build time: not tested";
        if (std::getenv("BOUNDARY_ALL_COMPILERS") != nullptr) {
            FAIL_CHECK(text);
        } else {
            WARN(text);
        }
    }
}
