// The host's log file.
#pragma once

#include <filesystem>
#include <fstream>
#include <mutex>
#include <string_view>

#include "crm/host.hpp"

namespace crm::sample {

// One line per entry: time, level, source, text. Warnings and errors are repeated on standard error.
// At 10 MiB the file becomes <file>.1, so that a chatty connector cannot fill the disk.
class Logger {
  public:
    explicit Logger(std::filesystem::path file);
    // [any-thread] Never throws: a full disk must not stop what is being logged about.
    void write(LogLevel level, std::string_view source, std::string_view text) noexcept;
    void info(std::string_view text) noexcept { write(LogLevel::kInfo, "host", text); }
    void warn(std::string_view text) noexcept { write(LogLevel::kWarning, "host", text); }
    void error(std::string_view text) noexcept { write(LogLevel::kError, "host", text); }

  private:
    void append(LogLevel level, std::string_view source, std::string_view text);

    std::mutex mutex_;
    std::filesystem::path file_;
    std::ofstream out_;
    std::uintmax_t size_ = 0;
};

}  // namespace crm::sample
