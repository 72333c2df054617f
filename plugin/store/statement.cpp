#include "store/statement.hpp"

#include <stdexcept>
#include <string>

#include <sqlite3.h>

#include "store/error.hpp"
#include "store/sqlite_error.hpp"

namespace metakocka::store {

namespace {

StoreProblem problem_of(int code) {
    switch (code & 0xFF) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return StoreProblem::kBusy;
        case SQLITE_FULL:
            return StoreProblem::kFull;
        case SQLITE_READONLY:
        case SQLITE_PERM:
        case SQLITE_CANTOPEN:
            return StoreProblem::kReadOnly;
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return StoreProblem::kCorrupt;
        case SQLITE_CONSTRAINT:
            return StoreProblem::kConstraint;
        default:
            return StoreProblem::kOther;
    }
}

}  // namespace

void throw_sqlite(sqlite3* handle, int code) {
    std::string text = "the module's database: ";
    text += handle != nullptr ? sqlite3_errmsg(handle) : sqlite3_errstr(code);
    throw StoreError(problem_of(code), text);
}

Statement::Statement(sqlite3_stmt* prepared) : prepared_(prepared) {
    if (sqlite3_stmt_busy(prepared_) != 0) throw std::logic_error("a statement is used twice at once");
}

Statement::~Statement() {
    sqlite3_reset(prepared_);
    // Bound texts are borrowed: forget them with their owners.
    sqlite3_clear_bindings(prepared_);
}

namespace {

void check_bind(sqlite3_stmt* statement, int code) {
    if (code != SQLITE_OK) throw_sqlite(sqlite3_db_handle(statement), code);
}

}  // namespace

void Statement::bind_one(int index, std::int64_t value) {
    check_bind(prepared_, sqlite3_bind_int64(prepared_, index, value));
}

void Statement::bind_one(int index, std::string_view text) {
    // An empty view may hold a null pointer, which would bind NULL.
    const char* data = text.empty() ? "" : text.data();
    check_bind(prepared_,
               sqlite3_bind_text64(prepared_, index, data, text.size(), SQLITE_STATIC, SQLITE_UTF8));
}

void Statement::bind_one(int index, std::span<const std::uint8_t> blob) {
    check_bind(prepared_, sqlite3_bind_blob64(prepared_, index, blob.data(), blob.size(), SQLITE_STATIC));
}

void Statement::bind_one(int index, std::nullopt_t) {
    check_bind(prepared_, sqlite3_bind_null(prepared_, index));
}

void Statement::bind_blob(int index, std::string_view bytes) {
    check_bind(prepared_, sqlite3_bind_blob64(prepared_, index, bytes.data(), bytes.size(), SQLITE_STATIC));
}

bool Statement::step() {
    const int code = sqlite3_step(prepared_);
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    throw_sqlite(sqlite3_db_handle(prepared_), code);
}

void Statement::run() {
    while (step()) {
    }
    reset();
}

void Statement::reset() {
    sqlite3_reset(prepared_);
}

std::int64_t Statement::integer(int column) const {
    return sqlite3_column_int64(prepared_, column);
}

std::string Statement::text(int column) const {
    return std::string(view(column));
}

std::string_view Statement::view(int column) const {
    const auto* data = static_cast<const char*>(sqlite3_column_blob(prepared_, column));
    const int size = sqlite3_column_bytes(prepared_, column);
    return data == nullptr ? std::string_view() : std::string_view(data, static_cast<std::size_t>(size));
}

bool Statement::is_null(int column) const {
    return sqlite3_column_type(prepared_, column) == SQLITE_NULL;
}

}  // namespace metakocka::store
