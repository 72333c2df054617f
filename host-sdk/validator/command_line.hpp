// The command line of crm-connector-check.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "check.hpp"

namespace crm::validator {

struct CommandLine {
    enum class Mode { kCheck, kList, kExplain, kHelp, kRunOne };
    Mode mode = Mode::kCheck;
    std::vector<Check> checks;  // what to run or explain
    std::filesystem::path module;
    std::filesystem::path scenario;    // empty: none
    std::vector<std::string> trusted;  // publishers' keys, base64
    std::filesystem::path scratch;     // kRunOne: where this process may write
    std::uint64_t seed = 1;
    unsigned jobs = 0;  // 0: one for each processor
    bool json = false;
};

inline constexpr const char* kUsage =
    "crm-connector-check [--check NAME]... [--scenario FILE] [--trusted KEY]... [--seed N] [--jobs N] "
    "[--json] MODULE\n"
    "crm-connector-check --list\n"
    "crm-connector-check --explain NAME\n"
    "\n"
    "Judges a connector module (x.so with its manifest x.json beside it). NAME is a check such as\n"
    "entry.magic, or a group such as http. KEY is a publisher's Ed25519 key, base64. Exit status: 0 nothing "
    "failed, 1 something did, 2 wrong usage.\n";

// Throws crm::Error(CRM_INVALID) with what is wrong.
CommandLine parse_command_line(const std::vector<std::string>& arguments);

}  // namespace crm::validator
