#include "util/logger.hpp"

#include <iostream>

#include "util/time_text.hpp"

namespace crm::sample {
namespace {

constexpr std::uintmax_t kMaxFileBytes = 10u << 20;

std::string_view level_name(LogLevel level) {
    switch (level) {
        case LogLevel::kDebug:
            return "DEBUG";
        case LogLevel::kInfo:
            return "INFO";
        case LogLevel::kWarning:
            return "WARNING";
        case LogLevel::kError:
            return "ERROR";
    }
    return "ERROR";
}

}  // namespace

Logger::Logger(std::filesystem::path file) : file_(std::move(file)) {
    std::filesystem::create_directories(file_.parent_path());
    out_.open(file_, std::ios::app);
    std::error_code ignored;
    const auto size = std::filesystem::file_size(file_, ignored);
    size_ = ignored ? 0 : size;
}

void Logger::write(LogLevel level, std::string_view source, std::string_view text) noexcept {
    try {
        append(level, source, text);
    } catch (...) {  // NOLINT(bugprone-empty-catch): nowhere left to say it
    }
}

void Logger::append(LogLevel level, std::string_view source, std::string_view text) {
    std::string line = to_rfc3339(now_us());
    line += ' ';
    line += level_name(level);
    line += ' ';
    line += source;
    line += ' ';
    // One entry is one line, whatever a module or a client put into it.
    for (const char c : text) line += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? ' ' : c;
    line += '\n';

    const std::lock_guard lock(mutex_);
    if (size_ + line.size() > kMaxFileBytes) {
        out_.close();
        std::error_code ignored;
        std::filesystem::rename(file_, file_.string() + ".1", ignored);
        out_.open(file_, std::ios::trunc);
        size_ = 0;
    }
    out_ << line << std::flush;
    size_ += line.size();
    if (level == LogLevel::kWarning || level == LogLevel::kError) std::cerr << line << std::flush;
}

}  // namespace crm::sample
