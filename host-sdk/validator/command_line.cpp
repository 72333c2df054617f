#include "command_line.hpp"

#include <charconv>
#include <string_view>

#include "catalogue.hpp"
#include "crm/error.hpp"

namespace crm::validator {
namespace {

[[noreturn]] void wrong(const std::string& what) {
    throw Error(CRM_INVALID, what);
}

std::uint64_t number(std::string_view option, std::string_view text) {
    std::uint64_t value = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failed != std::errc() || end != text.data() + text.size()) {
        wrong(std::string(option) + " wants a whole number, not \"" + std::string(text) + "\"");
    }
    return value;
}

std::vector<Check> named(std::string_view name) {
    std::vector<Check> found = select(name);
    if (found.empty()) wrong("there is no check \"" + std::string(name) + "\"; --list shows all");
    return found;
}

}  // namespace

CommandLine parse_command_line(const std::vector<std::string>& arguments) {
    CommandLine line;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string_view option = arguments[i];
        const auto value = [&]() -> std::string_view {
            if (i + 1 == arguments.size()) wrong(std::string(option) + " wants a value");
            return arguments[++i];
        };
        if (option == "--help" || option == "-h") {
            line.mode = CommandLine::Mode::kHelp;
        } else if (option == "--list") {
            line.mode = CommandLine::Mode::kList;
        } else if (option == "--explain") {
            line.mode = CommandLine::Mode::kExplain;
            line.checks = named(value());
        } else if (option == "--check") {
            const std::vector<Check> more = named(value());
            line.checks.insert(line.checks.end(), more.begin(), more.end());
        } else if (option == "--internal-run") {  // how this program starts itself for one check
            line.mode = CommandLine::Mode::kRunOne;
            line.checks = named(value());
        } else if (option == "--internal-scratch") {
            line.scratch = value();
        } else if (option == "--scenario") {
            line.scenario = value();
        } else if (option == "--trusted") {
            line.trusted.emplace_back(value());
        } else if (option == "--seed") {
            line.seed = number(option, value());
        } else if (option == "--jobs") {
            line.jobs = static_cast<unsigned>(number(option, value()));
        } else if (option == "--json") {
            line.json = true;
        } else if (option.starts_with('-')) {
            wrong("there is no option " + std::string(option));
        } else if (line.module.empty()) {
            line.module = option;
        } else {
            wrong("one module at a time");
        }
    }
    const bool wants_module =
        line.mode == CommandLine::Mode::kCheck || line.mode == CommandLine::Mode::kRunOne;
    if (wants_module && line.module.empty()) wrong("which module?");
    if (line.checks.empty()) line.checks = all_checks();
    return line;
}

}  // namespace crm::validator
