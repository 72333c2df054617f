// The command line.
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "http/server.hpp"

namespace crm::sample {

// The command line was wrong: exit code 2.
class UsageError : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

struct Options {
    std::string command;                 // serve, token, plugin
    std::vector<std::string> arguments;  // what is no option: "enable", "metakocka"
    std::filesystem::path data;
    std::filesystem::path plugins;
    std::filesystem::path shipped_publishers;  // the keys that came with the host
    bool allow_unsigned = false;
    bool help = false;  // to be told about the command, whatever else is missing
    std::string database = "sqlite";
    std::string node;
    std::string role;
    ListenOptions listen;
};

// `program` is argv[0]'s real path; the plugins and the publishers' keys that came with it lie beside its
// folder. Throws UsageError.
Options parse_options(const std::vector<std::string>& arguments, const std::filesystem::path& program);

}  // namespace crm::sample
