// One connection to the database, with its prepared statements. One thread at a time.
#pragma once

#include <filesystem>
#include <memory>
#include <string_view>
#include <unordered_map>

#include "store/statement.hpp"

struct sqlite3;

namespace metakocka::store {

class Connection {
  public:
    enum class Access { kReadOnly, kReadWrite };

    Connection(const std::filesystem::path& file, Access access);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    // Prepared at its first use, kept from then on. `sql` must live as long as the connection (a literal of
    // sql.hpp), and must not be in use twice at once.
    Statement use(const char* sql);
    // For set-up and migrations: several statements, no parameters.
    void execute(const char* sql);
    // Rows changed by the last statement.
    std::uint64_t changes() const;
    bool in_transaction() const;

  private:
    struct Close {
        void operator()(sqlite3* handle) const noexcept;
    };
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const noexcept;
    };
    std::unique_ptr<sqlite3, Close> handle_;
    std::unordered_map<const char*, std::unique_ptr<sqlite3_stmt, Finalize>> statements_;
};

}  // namespace metakocka::store
