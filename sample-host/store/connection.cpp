#include "store/connection.hpp"

#include <Poco/Data/SQLite/Connector.h>
#include <Poco/Data/SQLite/Utility.h>
#include <sqlite3.h>

#include <stdexcept>

#include "util/fold.hpp"

namespace crm::sample {
namespace {

// More different statements than this come only from changing combinations of columns or filters.
constexpr std::size_t kMaxCachedStatements = 200;

std::string_view argument(sqlite3_value* value) {
    const auto* data = reinterpret_cast<const char*>(sqlite3_value_text(value));
    if (data == nullptr) return {};
    return {data, static_cast<std::size_t>(sqlite3_value_bytes(value))};
}

// matches(folded needle, column, …): true when one of the columns contains the needle.
void matches(sqlite3_context* context, int count, sqlite3_value** values) {
    try {
        const std::string_view needle = argument(values[0]);
        int found = 0;
        for (int i = 1; i < count && found == 0; ++i) {
            if (fold(argument(values[i])).find(needle) != std::string::npos) found = 1;
        }
        sqlite3_result_int(context, found);
    } catch (...) {
        sqlite3_result_error_nomem(context);
    }
}

}  // namespace

Connection::Connection(const std::filesystem::path& file)
    : session_(Poco::Data::SQLite::Connector::KEY, file.string()),
      handle_(Poco::Data::SQLite::Utility::dbHandle(session_)) {
    sqlite3_busy_timeout(handle_, 10000);
    execute("PRAGMA journal_mode=WAL");
    // FULL, not NORMAL: a connector is told that its records are durable and then notes in its own database
    // that they are in step. With NORMAL a power cut could take the records and leave the note.
    execute("PRAGMA synchronous=FULL");
    execute("PRAGMA foreign_keys=ON");
    execute("PRAGMA wal_autocheckpoint=4000");
    execute("PRAGMA cache_size=-8192");
    sqlite3_create_function(handle_, "matches", -1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, nullptr, &matches,
                            nullptr, nullptr);
}

Statement& Connection::prepare(const std::string& sql) {
    const auto found = statements_.find(sql);
    if (found != statements_.end()) return *found->second;
    return *statements_.emplace(sql, std::make_unique<Statement>(handle_, sql)).first->second;
}

void Connection::trim() {
    if (statements_.size() > kMaxCachedStatements) statements_.clear();
}

void Connection::execute(const std::string& sql) {
    char* message = nullptr;
    if (sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, &message) != SQLITE_OK) {
        const std::string text = message != nullptr ? message : "unknown error";
        sqlite3_free(message);
        throw std::runtime_error("database: " + text);
    }
}

std::int64_t Connection::last_insert_id() const {
    return sqlite3_last_insert_rowid(handle_);
}

}  // namespace crm::sample
