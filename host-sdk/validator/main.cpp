// crm-connector-check: judges any connector module.
#include <cstdio>
#include <exception>
#include <iostream>

#include "catalogue.hpp"
#include "child.hpp"
#include "command_line.hpp"
#include "crm/error.hpp"
#include "program_arguments.hpp"
#include "report.hpp"
#include "runner.hpp"
#include "scenario.hpp"

namespace {

using namespace crm::validator;

int check_module(const CommandLine& line) {
    if (!line.scenario.empty()) read_scenario(line.scenario);  // wrong usage is told once, not by each check
    std::vector<Judged> all;
    std::string_view group;
    run_checks(line, [&](const Check& check, const Verdict& verdict) {
        all.push_back({check, verdict});
        if (line.json) return;
        const std::string_view its_group = check.name.substr(0, check.name.find('.'));
        if (its_group != group) std::cout << its_group << "\n";
        group = its_group;
        std::cout << human_line(check, verdict) << std::flush;
    });
    std::cout << (line.json ? json_report(line, all) : human_summary(all, line.seed));
    return any_failed(all) ? 1 : 0;
}

}  // namespace

int main(int argc, char** argv) {
    CommandLine line;
    try {
        line = parse_command_line(crm::detail::program_arguments(argc, argv));
        switch (line.mode) {
            case CommandLine::Mode::kHelp:
                std::cout << kUsage;
                return 0;
            case CommandLine::Mode::kList:
                std::cout << listing(all_checks());
                return 0;
            case CommandLine::Mode::kExplain:
                for (const Check& check : line.checks) std::cout << explanation(check) << "\n";
                return 0;
            case CommandLine::Mode::kRunOne:
                run_one(line);
            case CommandLine::Mode::kCheck:
                return check_module(line);
        }
    } catch (const crm::Error& failure) {
        std::cerr << "crm-connector-check: " << failure.what() << "\n\n" << kUsage;
        return 2;
    } catch (const std::exception& failure) {
        std::cerr << "crm-connector-check: " << failure.what() << "\n";
        return 2;
    }
    return 2;
}
