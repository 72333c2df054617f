// One table of products in SQLite, written by prepared statements.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include <sqlite3.h>

namespace bench {

class Table {
  public:
    // `columns` besides the id and the hash.
    Table(const std::string& file, std::span<const char* const> columns);
    ~Table();
    Table(const Table&) = delete;
    Table& operator=(const Table&) = delete;

    void begin();
    void commit();
    bool holds(std::string_view id, std::string_view hash);
    void put(std::string_view id, std::string_view hash, std::span<const std::string_view> values);

  private:
    void execute(const char* sql);
    sqlite3_stmt* prepare(const std::string& sql);
    void check(int code) const;
    void bind(sqlite3_stmt* statement, int index, std::string_view text) const;

    sqlite3* database_ = nullptr;
    sqlite3_stmt* find_ = nullptr;
    sqlite3_stmt* put_ = nullptr;
};

}  // namespace bench
