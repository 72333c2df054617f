// A process that runs a module, and the only way one is started here: a program that calls
// continue_under_warden (warden.hpp) first. All it started ends with it. Linux only.
#pragma once

#include <sys/types.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "sealed_file.hpp"

namespace crm::detail {

class WatchedChild {
  public:
    struct Start {
        std::filesystem::path program;
        std::vector<std::string> words;        // its arguments, beginning with its name
        std::vector<std::string> environment;  // "NAME=value"
        std::filesystem::path folder;          // to work in
        std::filesystem::path temporary;       // its TMPDIR, which no other process has
        int output = kNoFile;                  // /dev/null
        int library = kNoFile;                 // lent as kChildLibrary
        std::size_t most = 0;                  // bytes of answer that are read
    };
    // Throws crm::Error(CRM_INTERNAL) when it could not be started.
    explicit WatchedChild(const Start& start);
    ~WatchedChild();
    WatchedChild(const WatchedChild&) = delete;
    WatchedChild& operator=(const WatchedChild&) = delete;

    struct End {
        // kEscaped: it ended or stopped the warden.
        enum class Kind { kExited, kSignal, kStopped, kEscaped };
        Kind kind;
        int number = 0;                         // exit status or signal
        std::chrono::microseconds processor{};  // that it used
        bool left = false;                      // something it started outlived it, until now
    };
    // Once everything has ended; asked once.
    std::optional<End> ended();
    // Ends everything.
    void end();

    // The process that runs the module; 0 until there is one.
    pid_t process() const;
    // What it answered so far.
    const std::string& answer();
    // Returns when there may be something new, at the latest after `longest`.
    void wait(std::chrono::milliseconds longest);

  private:
    void read_report();
    void end_escaped() const;
    bool warden_ends_within(std::chrono::milliseconds longest);

    std::filesystem::path program_;
    std::string mark_;
    std::size_t most_;
    Descriptor answer_;
    Descriptor report_;
    std::string text_;
    std::array<std::byte, 32> read_{};
    std::size_t size_ = 0;  // of what was read of the report
    pid_t warden_ = -1;
    bool answered_ = false;
    bool over_ = false;
};

// "signal 11, Segmentation fault"
std::string signal_text(int signal);

}  // namespace crm::detail
