// Modules that took the host down while they were loaded. Kept as files, which survive such an end.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace crm::sample {

class Quarantine {
  public:
    struct Case {
        std::string phase;  // load, create, describe
        std::string how;    // "signal 11"; "exit": it ended the process; "died": nobody saw how
        std::int64_t at;    // microseconds since 1970
    };

    explicit Quarantine(std::filesystem::path folder) : folder_(std::move(folder)) {}

    // Why the module `id` is not to be loaded; nothing when it may be.
    std::optional<Case> find(const std::string& id) const;
    // False when it was not in quarantine.
    bool release(const std::string& id);

    std::filesystem::path mark(const std::string& id) const;

  private:
    std::filesystem::path folder_;
};

std::filesystem::path quarantine_folder(const std::filesystem::path& data);

// For people, in English.
std::string describe(const Quarantine::Case& found);

// Lives while a module is loaded; its file stays behind when the process ends meanwhile. A fatal signal and
// exit() are noted as such. Of an end that nobody sees (kill -9, a power cut, _exit) only the third in a row
// counts: a person's kill -9 keeps no module out. One at a time in a process.
class CrashMark {
  public:
    CrashMark(const Quarantine& quarantine, const std::string& id);
    ~CrashMark();
    CrashMark(const CrashMark&) = delete;
    CrashMark& operator=(const CrashMark&) = delete;

    // What is done next with the module. `phase` is a literal.
    void enter(const char* phase);

  private:
    std::filesystem::path file_;
};

}  // namespace crm::sample
