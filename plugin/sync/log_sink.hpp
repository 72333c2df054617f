// Where a run says what it does, for people. Texts hold ids and counts, never personal data or secrets.
#pragma once

#include <string>

#include "sync/run_types.hpp"

namespace metakocka::sync {

enum class LogLevel { kDebug, kInfo, kWarning, kError };

class LogSink {
  public:
    virtual ~LogSink() = default;
    // `operation` is one word: "run", "create", "update", "deactivate", "quarantine", "guard", "scan" …
    virtual void note(LogLevel level, const Run& run, const std::string& operation,
                      const std::string& message) = 0;
};

}  // namespace metakocka::sync
