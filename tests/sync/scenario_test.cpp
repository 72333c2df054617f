// Generated scenarios; one that fails is shrunk, and printed with the seed that replays it.
#include <cstdlib>
#include <string>

#include <catch2/catch.hpp>

#include "../unit/model_random.hpp"
#include "scenario.hpp"

using namespace metakocka;
using namespace metakocka::sync::testing;

namespace {

std::string story_of(std::uint64_t seed) {
    const Scenario small = shrink(make_scenario(seed));
    std::vector<std::string> told;
    std::string text =
        "replay with AUTOSYNC_SCENARIO=" + std::to_string(seed) + "; the smallest story that fails:";
    const std::string how = play(small, &told);
    for (const auto& line : told) text += "\n  " + line;
    return text + "\n  => " + how;
}

std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
    const char* const given = std::getenv(variable);
    return given != nullptr ? std::strtoull(given, nullptr, 10) : otherwise;
}

}  // namespace

TEST_CASE("rules 1 to 5, 7, 9 and 13 under random edits, failures, lost answers, kills and wrong clocks") {
    if (const std::uint64_t seed = number_from("AUTOSYNC_SCENARIO", 0)) {
        INFO(story_of(seed));
        CHECK(play(make_scenario(seed)).empty());
        return;
    }
    test::Random random;
    const std::uint64_t scenarios = number_from("AUTOSYNC_SCENARIOS", 20'000);
    for (std::uint64_t i = 0; i < scenarios; ++i) {
        const std::uint64_t seed = 1 + random.below(1'000'000'000);
        if (!play(make_scenario(seed)).empty()) FAIL(story_of(seed));
    }
}
