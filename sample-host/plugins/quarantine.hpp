// Modules that took the host down while they were loaded. Kept as files, which survive such an end.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace crm::sample {

class Quarantine {
  public:
    struct Case {
        std::string phase;  // load, create, describe, run, stop
        std::string how;    // "signal 11"; "exit": it ended the process; "hung"; "died": nobody saw how
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

// Lives while this thread does something with a module that may take the host down: loading it, its first
// slice of work, stopping it. Its file stays behind when the process ends meanwhile. A fatal signal of this
// thread, exit() and hanging are noted as such and count at once. An end that nobody saw (kill -9, _exit)
// counts while the module was loaded: at once, unless the system itself was started anew since (a power cut),
// of which the third in a row counts. While a module works or stops, others may be the cause: there it never
// counts.
class CrashMark {
  public:
    // `phase` is a literal.
    CrashMark(const Quarantine& quarantine, const std::string& id, const char* phase);
    ~CrashMark();
    CrashMark(const CrashMark&) = delete;
    CrashMark& operator=(const CrashMark&) = delete;

    // What is done next with the module.
    void enter(const char* phase);

    // For a host that was `asked` to end: whether a module does not let it. It is noted, and the process is
    // to end as it is. [any-thread]
    static bool note_hung(std::chrono::steady_clock::time_point asked);

    struct State;

  private:
    std::filesystem::path file_;
    std::unique_ptr<State> state_;
};

}  // namespace crm::sample
