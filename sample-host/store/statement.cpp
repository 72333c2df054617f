#include "store/statement.hpp"

#include <sqlite3.h>

#include <stdexcept>

namespace crm::sample {

Statement::Statement(sqlite3* database, std::string_view sql) : database_(database) {
    if (sqlite3_prepare_v3(database_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                           &handle_, nullptr) != SQLITE_OK) {
        fail();
    }
}

Statement::~Statement() {
    sqlite3_finalize(handle_);
}

void Statement::bind(int index, std::int64_t value) {
    if (sqlite3_bind_int64(handle_, index, value) != SQLITE_OK) fail();
}

void Statement::bind(int index, std::string_view value) {
    // A null pointer would bind NULL; an empty view may hold one.
    const char* data = value.data() == nullptr ? "" : value.data();
    if (sqlite3_bind_text64(handle_, index, data, value.size(), SQLITE_STATIC, SQLITE_UTF8) != SQLITE_OK)
        fail();
}

void Statement::bind_null(int index) {
    if (sqlite3_bind_null(handle_, index) != SQLITE_OK) fail();
}

bool Statement::step() {
    const int code = sqlite3_step(handle_);
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    fail();
}

void Statement::run() {
    const ResetGuard guard(*this);
    step();
}

void Statement::reset() noexcept {
    sqlite3_reset(handle_);
    sqlite3_clear_bindings(handle_);
}

bool Statement::is_null(int column) const {
    return sqlite3_column_type(handle_, column) == SQLITE_NULL;
}

std::int64_t Statement::number(int column) const {
    return sqlite3_column_int64(handle_, column);
}

std::string_view Statement::text(int column) const {
    const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(handle_, column));
    if (data == nullptr) return {};
    return {data, static_cast<std::size_t>(sqlite3_column_bytes(handle_, column))};
}

void Statement::fail() const {
    throw std::runtime_error(std::string("database: ") + sqlite3_errmsg(database_));
}

}  // namespace crm::sample
