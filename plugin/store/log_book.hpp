// The log that users read, filter and export (Integrations > Metakocka > Logs).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "model/kind.hpp"
#include "store/instance.hpp"
#include "store/page.hpp"

namespace metakocka::store {

// The numbers are stored and equal crm::LogLevel.
enum class LogLevel { kDebug = 0, kInfo = 1, kWarning = 2, kError = 3 };

std::string_view to_text(LogLevel level);  // "debug", "info", "warning", "error"
std::optional<LogLevel> parse_level(std::string_view text);

struct LogEntry {
    std::int64_t id = 0;   // set by append
    sync::Instant at = 0;  // set by append
    LogLevel level = LogLevel::kInfo;
    std::optional<RecordKind> type;
    std::string operation;  // "scan", "create", "credentials", …; stored in clear
    std::string run_id;     // "" when it belongs to no run
    std::string message;    // sealed: an ERP's words may quote a customer
    std::string details;    // JSON, "" when there are none; sealed
};

struct LogFilter {
    std::optional<RecordKind> type;
    std::optional<LogLevel> min_level;  // this one and graver ones
    std::optional<LogLevel> level;      // exactly this one
    std::string operation;              // "": any
    std::string run_id;                 // "": any
    std::string q;                      // part of the message; case is ignored, also of č, š, ž
    std::optional<sync::Instant> from;  // inclusive
    std::optional<sync::Instant> to;    // exclusive
};

enum class LogOrder { kNewestFirst, kOldestFirst };

// [any-thread]
class LogBook {
  public:
    explicit LogBook(std::shared_ptr<Instance> instance) : instance_(std::move(instance)) {}

    // Returns the entry with its id and time, for passing it on to listeners.
    LogEntry append(LogEntry entry);
    // Newest first. `before` is the last page's `next` ("" at first).
    Page<LogEntry> query(const LogFilter& filter, const std::string& before, std::size_t limit);
    // Calls `row` for every entry until it returns false. Reads in pages: holds neither memory nor a read
    // transaction in proportion to the log, and entries appended meanwhile may show.
    void export_rows(const LogFilter& filter, LogOrder order,
                     const std::function<bool(const LogEntry&)>& row);
    // Deletes entries older than `time`, and the oldest ones beyond `max_entries`. How many.
    std::uint64_t prune(sync::Instant time, std::uint64_t max_entries);

  private:
    std::shared_ptr<Instance> instance_;
};

}  // namespace metakocka::store
