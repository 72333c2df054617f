// The file a crash mark consists of: "<ends> <phase> <how>".
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace crm::sample {

inline constexpr const char* kUnseen = "died";

struct CrashRecord {
    int ends = 0;  // how many loads in a row ended with the process
    std::string phase;
    std::string how = kUnseen;
};

std::optional<CrashRecord> read_crash_record(const std::filesystem::path& file);

}  // namespace crm::sample
