// A prepared SQLite statement. Poco::Data's own are about six times slower, which the batch upsert can't
// afford.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace crm::sample {

class Statement {
  public:
    // Throws std::runtime_error with SQLite's message.
    Statement(sqlite3* database, std::string_view sql);
    ~Statement();
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;

    // Parameters count from 1. Bound text must stay valid until the statement is reset.
    void bind(int index, std::int64_t value);
    void bind(int index, std::string_view value);
    void bind_null(int index);

    // True when there is a row. Throws on errors.
    bool step();
    // For statements without rows: runs it and makes it ready again.
    void run();
    void reset() noexcept;

    // Columns count from 0; views are valid until the next step or reset.
    bool is_null(int column) const;
    std::int64_t number(int column) const;
    std::string_view text(int column) const;

  private:
    [[noreturn]] void fail() const;

    sqlite3* database_;
    sqlite3_stmt* handle_ = nullptr;
};

// Resets a cached statement at the end of a scope, also when an exception passes.
class ResetGuard {
  public:
    explicit ResetGuard(Statement& statement) : statement_(statement) {}
    ~ResetGuard() { statement_.reset(); }
    ResetGuard(const ResetGuard&) = delete;
    ResetGuard& operator=(const ResetGuard&) = delete;

  private:
    Statement& statement_;
};

}  // namespace crm::sample
