// What would take a host down, or hold it up, takes only the probe; on any system.
#include <catch2/catch.hpp>
#include <chrono>
#include <string>

#include "fixtures.hpp"

namespace fs = std::filesystem;
using Catch::Contains;

namespace {

crm::LoadOptions probed() {
    crm::LoadOptions options;
    options.allow_unsigned = true;
    return options;
}

fs::path with_fault(const PluginFolder& folder, const std::string& fault) {
    return folder.add("entry-" + fault, read_text(kFixtures / ("entry-" + fault + kSuffix)));
}

std::string probe_refusal(const fs::path& file) {
    try {
        crm::check_module_file(file, probed());
    } catch (const crm::Error& failure) {
        return failure.code() == CRM_INVALID ? failure.what() : "wrong code: " + std::string(failure.what());
    }
    return "";
}

}  // namespace

TEST_CASE("a sound module passes the probe, whatever it was built with") {
    const auto file = GENERATE(from_range(fixture_modules()));
    CAPTURE(file);
    const PluginFolder folder;
    // The probe compares the id that the module tells with its manifest's.
    const auto copy = folder.add("fixture", read_text(file));
    CHECK(probe_refusal(copy) == "");
}

TEST_CASE("a module that harms the process that calls it is refused, and said to do so") {
    const PluginFolder folder;
    const std::pair<const char*, const char*> faults[] = {
        {"crash", "a crash ("},
        {"hang", "hung while answering its entry"},
        {"compute", "went on computing while answering its entry"},
        {"eat", "asked for more while answering its entry"},
        {"end", "ended the process (exit status 7) while answering its entry"},
    };
    for (const auto& [fault, text] : faults) {
        CAPTURE(fault);
        const auto begin = std::chrono::steady_clock::now();
        CHECK_THAT(probe_refusal(with_fault(folder, fault)), Contains(text) && Contains("not loaded"));
        // Its limits are 1.5 s and less; a busy machine and sanitizers are given more.
        CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(60));
    }
}

TEST_CASE("a missing probe is told, and nothing is loaded without it") {
    const PluginFolder folder;
    const auto file = folder.add("unprobed", read_text(fixture_modules().front()));
    crm::LoadOptions options = probed();
    options.probe = folder.path() / "no-probe";
    CHECK_THROWS_WITH(crm::load_module(file, options),
                      Contains("is missing") && Contains("no-probe") && Contains("LoadOptions::probe"));
}
