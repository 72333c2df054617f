// What the programs say about themselves: on standard output and with exit status 0 when they are asked to.
#include <catch2/catch.hpp>
#include <filesystem>

#include "host_process.hpp"

namespace {

using namespace host_test;
using Catch::Contains;

CommandResult run_beside_host(const std::string& program, const std::string& arguments) {
    return run_program((std::filesystem::path(CRM_HOST_BIN).parent_path() / program).string(), arguments);
}

}  // namespace

TEST_CASE("usage: crm-host helps with everything, and with each command") {
    const auto all = run_host("--help");
    CHECK(all.exit_code == 0);
    CHECK(all.err.empty());
    CHECK(run_host("-h").out == all.out);
    for (const std::string command :
         {"serve", "token", "plugin list", "plugin enable", "plugin disable", "plugin release",
          "plugin check", "plugin publishers", "plugin trust", "plugin distrust"}) {
        CAPTURE(command);
        CHECK_THAT(all.out, Contains("crm-host " + command + " "));
        const auto help = run_host(command + " --help");
        CHECK(help.exit_code == 0);
        CHECK(help.err.empty());
        CHECK_THAT(help.out, Catch::StartsWith("usage\n  crm-host " + command + " "));
        CHECK(help.out.find("crm-host", help.out.find("crm-host") + 1) == std::string::npos);
        CHECK_THAT(help.out, Contains("--data "));
    }
    CHECK_THAT(run_host("plugin --help").out, Contains("plugin list") && Contains("plugin distrust"));
    CHECK_THAT(run_host("plugin enable metakocka --help").out,
               Catch::StartsWith("usage\n  crm-host plugin enable "));
    CHECK_THAT(run_host("plugin list --help").out, Contains("the exit status is 0 all the same"));
}

TEST_CASE("usage: what is wrong is told on standard error, with exit status 2") {
    for (const std::string wrong :
         {"", "nosuch", "serve --nosuch", "plugin", "plugin nosuch x", "serve --tls-key x"}) {
        CAPTURE(wrong);
        const auto answer = run_host(wrong);
        CHECK(answer.exit_code == 2);
        CHECK(answer.out.empty());
        CHECK_THAT(answer.err, Catch::StartsWith("crm-host: ") && Contains("usage\n"));
    }
}

TEST_CASE("usage: the SDK's programs help too") {
    for (const std::string program : {"crm-sign-manifest", "crm-module-probe", "crm-connector-check"}) {
        for (const std::string option : {"--help", "-h"}) {
            CAPTURE(program, option);
            const auto help = run_beside_host(program, option);
            CHECK(help.exit_code == 0);
            CHECK(help.err.empty());
            CHECK_THAT(help.out, Contains(program));
        }
        CHECK(run_beside_host(program, "--nosuch").exit_code == 2);
    }
    CHECK(run_beside_host("crm-sign-manifest", "sign --help").out ==
          run_beside_host("crm-sign-manifest", "-h").out);
    CHECK_THAT(run_beside_host("crm-module-probe", "--help").out, Contains("crm-connector-check"));
}
