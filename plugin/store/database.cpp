#include "store/database.hpp"

#include <fstream>
#include <system_error>
#include <utility>

#include "store/error.hpp"

namespace metakocka::store {

namespace {

constexpr char kBegin[] = "BEGIN";
constexpr char kBeginWrite[] = "BEGIN IMMEDIATE";
constexpr char kCommit[] = "COMMIT";
constexpr char kRollback[] = "ROLLBACK";
// In WAL mode only FULL waits for the disk at each commit; it covers the commits before it as well.
constexpr char kSyncEachCommit[] = "PRAGMA synchronous = FULL";
constexpr char kSyncAtCheckpoints[] = "PRAGMA synchronous = NORMAL";

// SQLite gives the write-ahead log the rights of the database itself, so they are set before it opens it.
const std::filesystem::path& make_private(const std::filesystem::path& file) {
    namespace fs = std::filesystem;
    std::error_code error;
    if (fs::exists(file) && !fs::is_regular_file(file)) {
        throw StoreError(StoreProblem::kReadOnly,
                         "the module's database is something else than a file: " + file.string());
    }
    if (!fs::exists(file)) {
        if (file.has_parent_path()) fs::create_directories(file.parent_path(), error);
        const std::ofstream made(file, std::ios::app);
        if (!made) {
            throw StoreError(StoreProblem::kReadOnly,
                             "the module's database can't be made: " + file.string());
        }
    }
    fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write, error);
    return file;
}

}  // namespace

std::shared_ptr<Database> Database::open(const std::filesystem::path& file,
                                         std::span<const Migration> steps) {
    auto database = std::make_shared<Database>(file);
    migrate(*database->writer_, steps);
    return database;
}

Database::Database(const std::filesystem::path& file)
    : file_(make_private(file)),
      writer_(std::make_unique<Connection>(file_, Connection::Access::kReadWrite)) {}

Database::Transaction::Transaction(Connection& connection, Kind kind) : connection_(connection), kind_(kind) {
    if (kind_ == Kind::kDurableWrite) connection_.execute(kSyncEachCommit);
    connection_.use(kind_ == Kind::kRead ? kBegin : kBeginWrite).run();
}

Database::Transaction::~Transaction() {
    try {
        if (open_ && connection_.in_transaction()) connection_.use(kRollback).run();
        if (kind_ == Kind::kDurableWrite) connection_.execute(kSyncAtCheckpoints);
    } catch (...) {
        // SQLite rolled back by itself, or will when the connection is closed.
    }
}

void Database::Transaction::commit() {
    connection_.use(kCommit).run();
    open_ = false;
}

Database::Reader::Reader(Database& database) : database_(database) {
    std::unique_lock lock(database_.readers_mutex_);
    database_.reader_free_.wait(
        lock, [&] { return !database_.idle_readers_.empty() || database_.readers_ < kMaxReaders; });
    if (!database_.idle_readers_.empty()) {
        connection_ = std::move(database_.idle_readers_.back());
        database_.idle_readers_.pop_back();
        return;
    }
    connection_ = std::make_unique<Connection>(database_.file_, Connection::Access::kReadOnly);
    ++database_.readers_;
    // Giving it back then can't fail.
    database_.idle_readers_.reserve(kMaxReaders);
}

Database::Reader::~Reader() {
    {
        const std::lock_guard lock(database_.readers_mutex_);
        database_.idle_readers_.push_back(std::move(connection_));
    }
    database_.reader_free_.notify_one();
}

}  // namespace metakocka::store
