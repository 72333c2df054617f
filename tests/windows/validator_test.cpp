// crm-connector-check on Windows: it starts its processes, limits them, and judges what they come to.
#include <boost/dll/runtime_symbol_info.hpp>
#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "fixtures.hpp"

namespace fs = std::filesystem;
namespace json = boost::json;

namespace {

struct Report {
    std::vector<std::string> failed;
    std::string found;  // by the first of them
    std::int64_t passed = 0;
};

Report check(const fs::path& module, const std::string& options = "") {
    const fs::path program = boost::dll::program_location().parent_path() / "crm-connector-check.exe";
    const std::string command = program.string() + " --json " + options + " " + module.string();
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(::_popen(command.c_str(), "rb"), ::_pclose);
    REQUIRE(pipe != nullptr);
    std::string text;
    for (int c = std::fgetc(pipe.get()); c != EOF; c = std::fgetc(pipe.get()))
        text.push_back(static_cast<char>(c));
    INFO(text);
    const json::value answer = json::parse(text);
    Report report;
    report.passed = answer.at("passed").as_int64();
    for (const json::value& item : answer.at("checks").as_array()) {
        if (item.at("verdict") != "fail") continue;
        if (report.failed.empty()) report.found = json::value_to<std::string>(item.at("found"));
        report.failed.push_back(json::value_to<std::string>(item.at("name")));
    }
    return report;
}

}  // namespace

TEST_CASE("the validator passes the examples") {
    for (const char* name : {"heartbeat.dll", "price-list.dll"}) {
        CAPTURE(name);
        const Report report = check(kFixtures / name);
        CAPTURE(report.found);
        CHECK(report.failed == std::vector<std::string>{});
        CHECK(report.passed > 45);
    }
}

TEST_CASE("the validator names what is wrong with a module, whatever that does to its process") {
    const PluginFolder folder;
    struct Case {
        const char* stem;
        const char* options;
        const char* fails;
        const char* found;
    };
    const Case cases[] = {
        {"bad-magic", "--check entry", "entry.magic", ""},
        {"bad-major", "--check entry", "entry.major", ""},
        {"null-entry", "--check entry", "entry.present", ""},
        {"short-connector", "--check entry.connector", "entry.connector", ""},
        {"no-entry", "--check binary", "binary.entry", "no such"},
        {"entry-crash", "--check entry.magic", "entry.magic", "0xC000001D, illegal instruction"},
        {"entry-end", "--check entry.magic", "entry.magic", "exit(7)"},
        {"entry-eat", "--check entry.magic", "entry.magic", "MiB of memory"},
        {"entry-hang", "--check entry.magic", "entry.magic", "had not ended after"}};
    for (const Case& each : cases) {
        CAPTURE(each.stem);
        const auto file = folder.add(each.stem, read_text(kFixtures / (std::string(each.stem) + kSuffix)));
        const Report report = check(file, each.options);
        CHECK(report.failed == std::vector<std::string>{each.fails});
        CHECK_THAT(report.found, Catch::Contains(each.found));
    }
}
