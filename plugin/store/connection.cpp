#include "store/connection.hpp"

#include <string>

#include <sqlite3.h>

#include "store/error.hpp"
#include "store/sqlite_error.hpp"

namespace metakocka::store {

namespace {

constexpr int kBusyTimeoutMs = 10'000;

// synchronous = NORMAL: a commit survives a killed process; the last ones may be lost with the power, never
// the database. That is enough here: a run writes to the CRM first, keyed by external id, so a run that lost
// its last commit repeats it and finds the CRM already as it should be.
// temp_store: nothing is sorted into temporary files. cache_size: memory stays flat however large the file.
constexpr char kForAll[] =
    "PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF;";
constexpr char kForWriting[] =
    "PRAGMA cache_size = -12288; PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 33554432;";
constexpr char kForReading[] = "PRAGMA cache_size = -2048; PRAGMA query_only = ON;";
constexpr char kWal[] = "PRAGMA journal_mode = WAL";

}  // namespace

void Connection::Close::operator()(sqlite3* handle) const noexcept {
    sqlite3_close_v2(handle);
}

void Connection::Finalize::operator()(sqlite3_stmt* statement) const noexcept {
    sqlite3_finalize(statement);
}

Connection::Connection(const std::filesystem::path& file, Access access) {
    sqlite3* opened = nullptr;
    const int code =
        sqlite3_open_v2(file.string().c_str(), &opened,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
    handle_.reset(opened);
    if (code != SQLITE_OK) throw_sqlite(opened, code);
    sqlite3_busy_timeout(opened, kBusyTimeoutMs);
    execute(kForAll);
    if (access == Access::kReadOnly) {
        execute(kForReading);
        return;
    }
    execute(kForWriting);
    auto wal = use(kWal);
    if (!wal.step() || wal.text(0) != "wal") {
        throw StoreError(StoreProblem::kReadOnly,
                         "the module's database: its file system does not allow write-ahead logging");
    }
}

Connection::~Connection() = default;

Statement Connection::use(const char* sql) {
    auto& kept = statements_[sql];
    if (!kept) {
        sqlite3_stmt* prepared = nullptr;
        const int code =
            sqlite3_prepare_v3(handle_.get(), sql, -1, SQLITE_PREPARE_PERSISTENT, &prepared, nullptr);
        if (code != SQLITE_OK) throw_sqlite(handle_.get(), code);
        kept.reset(prepared);
    }
    return Statement(kept.get());
}

void Connection::execute(const char* sql) {
    const int code = sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) throw_sqlite(handle_.get(), code);
}

std::uint64_t Connection::changes() const {
    return static_cast<std::uint64_t>(sqlite3_changes64(handle_.get()));
}

bool Connection::in_transaction() const {
    return sqlite3_get_autocommit(handle_.get()) == 0;
}

}  // namespace metakocka::store
