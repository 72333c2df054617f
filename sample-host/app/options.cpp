#include "app/options.hpp"

#include <functional>
#include <map>

namespace crm::sample {

Options parse_options(const std::vector<std::string>& arguments, const std::filesystem::path& program) {
    Options options;
    const std::filesystem::path base = program.parent_path().parent_path();
    options.plugins = base / "plugins";
    options.shipped_publishers = base / "trusted-publishers";
    const std::map<std::string, std::function<void(const std::string&)>> named = {
        {"--data", [&](const std::string& value) { options.data = value; }},
        {"--plugins", [&](const std::string& value) { options.plugins = value; }},
        {"--database", [&](const std::string& value) { options.database = value; }},
        {"--node", [&](const std::string& value) { options.node = value; }},
        {"--role", [&](const std::string& value) { options.role = value; }},
        {"--listen", [&](const std::string& value) { options.listen.address = value; }},
        {"--tls-cert", [&](const std::string& value) { options.listen.tls_cert = value; }},
        {"--tls-key", [&](const std::string& value) { options.listen.tls_key = value; }},
    };
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string& argument = arguments[i];
        if (argument == "--help" || argument == "-h") {
            options.help = true;
            continue;
        }
        if (!argument.starts_with("--")) {
            if (options.command.empty()) {
                options.command = argument;
            } else {
                options.arguments.push_back(argument);
            }
            continue;
        }
        if (argument == "--allow-unsigned") {
            options.allow_unsigned = true;
            continue;
        }
        const std::size_t equals = argument.find('=');
        const auto found = named.find(argument.substr(0, equals));
        if (found == named.end()) throw UsageError("unknown option " + argument);
        if (equals != std::string::npos) {
            found->second(argument.substr(equals + 1));
        } else if (i + 1 < arguments.size()) {
            found->second(arguments[++i]);
        } else {
            throw UsageError(argument + " needs a value");
        }
    }
    if (options.help) return options;
    if (options.listen.tls_cert.empty() != options.listen.tls_key.empty()) {
        throw UsageError("--tls-cert and --tls-key go together");
    }
    return options;
}

}  // namespace crm::sample
