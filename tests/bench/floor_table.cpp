#include "floor_table.hpp"

#include <stdexcept>

namespace bench {

Table::Table(const std::string& file, std::span<const char* const> columns) {
    check(sqlite3_open(file.c_str(), &database_));
    execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL");
    std::string names;
    std::string places;
    std::string updates;
    for (const std::string name : columns) {
        names += ", " + name;
        places += ", ?";
        updates += ", " + name + " = excluded." + name;
    }
    execute(("CREATE TABLE IF NOT EXISTS product (id TEXT PRIMARY KEY, hash BLOB" + names + ")").c_str());
    find_ = prepare("SELECT hash FROM product WHERE id = ?");
    put_ = prepare("INSERT INTO product (id, hash" + names + ") VALUES (?, ?" + places +
                   ") ON CONFLICT (id) DO UPDATE SET hash = excluded.hash" + updates);
}

Table::~Table() {
    sqlite3_finalize(find_);
    sqlite3_finalize(put_);
    sqlite3_close(database_);
}

void Table::begin() {
    execute("BEGIN IMMEDIATE");
}

void Table::commit() {
    execute("COMMIT");
}

bool Table::holds(std::string_view id, std::string_view hash) {
    bind(find_, 1, id);
    const int code = sqlite3_step(find_);
    if (code != SQLITE_ROW && code != SQLITE_DONE) check(code);
    bool same = false;
    if (code == SQLITE_ROW) {
        const auto* stored = static_cast<const char*>(sqlite3_column_blob(find_, 0));
        same = std::string_view(stored, static_cast<std::size_t>(sqlite3_column_bytes(find_, 0))) == hash;
    }
    sqlite3_reset(find_);
    return same;
}

void Table::put(std::string_view id, std::string_view hash, std::span<const std::string_view> values) {
    bind(put_, 1, id);
    check(sqlite3_bind_blob(put_, 2, hash.data(), static_cast<int>(hash.size()), SQLITE_STATIC));
    int index = 3;
    for (const std::string_view value : values) bind(put_, index++, value);
    const int code = sqlite3_step(put_);
    if (code != SQLITE_DONE) check(code);
    sqlite3_reset(put_);
}

void Table::execute(const char* sql) {
    check(sqlite3_exec(database_, sql, nullptr, nullptr, nullptr));
}

sqlite3_stmt* Table::prepare(const std::string& sql) {
    sqlite3_stmt* statement = nullptr;
    check(sqlite3_prepare_v3(database_, sql.c_str(), -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr));
    return statement;
}

void Table::check(int code) const {
    if (code != SQLITE_OK) throw std::runtime_error(sqlite3_errmsg(database_));
}

void Table::bind(sqlite3_stmt* statement, int index, std::string_view text) const {
    check(text.data() == nullptr ? sqlite3_bind_null(statement, index)
                                 : sqlite3_bind_text(statement, index, text.data(),
                                                     static_cast<int>(text.size()), SQLITE_STATIC));
}

}  // namespace bench
