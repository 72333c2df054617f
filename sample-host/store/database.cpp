#include "store/database.hpp"

#include <Poco/Data/SQLite/Connector.h>

#include "store/migrations.hpp"

namespace crm::sample {
namespace {

// Enough for the usual number of requests at once; more are opened for a moment and closed again.
constexpr std::size_t kMaxIdleReaders = 8;

}  // namespace

Database::Database(std::filesystem::path file) : file_(std::move(file)) {
    Poco::Data::SQLite::Connector::registerConnector();
    writer_ = std::make_unique<Connection>(file_);
    std::filesystem::permissions(file_,
                                 std::filesystem::perms::owner_read | std::filesystem::perms::owner_write,
                                 std::filesystem::perm_options::replace);
    migrate(*writer_);
}

Reader::Reader(Database& database) : database_(database) {
    {
        const std::lock_guard lock(database_.pool_mutex_);
        if (!database_.idle_.empty()) {
            connection_ = std::move(database_.idle_.back());
            database_.idle_.pop_back();
        }
    }
    if (!connection_) connection_ = std::make_unique<Connection>(database_.file_);
}

Reader::~Reader() {
    connection_->trim();
    const std::lock_guard lock(database_.pool_mutex_);
    if (database_.idle_.size() < kMaxIdleReaders) database_.idle_.push_back(std::move(connection_));
}

Transaction::Transaction(Database& database) : lock_(database.writer_mutex_), connection_(*database.writer_) {
    connection_.trim();
    connection_.execute("BEGIN IMMEDIATE");
}

Transaction::~Transaction() {
    if (!open_) return;
    try {
        connection_.execute("ROLLBACK");
    } catch (...) {  // NOLINT(bugprone-empty-catch): SQLite rolls back itself when it can't do more
    }
}

void Transaction::commit() {
    connection_.execute("COMMIT");
    open_ = false;
}

}  // namespace crm::sample
