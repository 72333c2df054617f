// The file a crash mark consists of: "<ends> <phase> <how>", then the system's boot it was written in.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace crm::sample {

inline constexpr const char* kUnseen = "died";
inline constexpr const char* kHung = "hung";

struct CrashRecord {
    int ends = 0;  // how often in a row the process ended with it
    std::string phase;
    std::string how = kUnseen;
    std::string boot;
};

std::optional<CrashRecord> read_crash_record(const std::filesystem::path& file);

// Another one each time the system starts; "" when it does not say.
std::string boot_id();

}  // namespace crm::sample
