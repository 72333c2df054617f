// The database file: one writing connection, several reading ones.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <mutex>
#include <span>
#include <type_traits>
#include <vector>

#include "store/connection.hpp"
#include "store/migration.hpp"

namespace metakocka::store {

// [any-thread]
class Database {
  public:
    // Makes the file (for its owner only) when it is missing and brings the schema up to date.
    static std::shared_ptr<Database> open(const std::filesystem::path& file,
                                          std::span<const Migration> steps = migrations());

    // Calls work(connection) in a transaction of its own, after those before it; commits when it returns,
    // rolls everything back when it throws. Not from within read() or write().
    template <class Work>
    auto write(Work&& work) {
        return transact(Transaction::Kind::kWrite, std::forward<Work>(work));
    }

    // The same, and what it wrote survives a power cut that comes after it has returned.
    template <class Work>
    auto write_durably(Work&& work) {
        return transact(Transaction::Kind::kDurableWrite, std::forward<Work>(work));
    }

    // Calls work(connection) on one consistent state of the database. Never waits for write().
    template <class Work>
    auto read(Work&& work) {
        const Reader reader(*this);
        const Transaction transaction(*reader, Transaction::Kind::kRead);
        return work(*reader);
    }

    explicit Database(const std::filesystem::path& file);

  private:
    // Rolls back unless committed.
    class Transaction {
      public:
        enum class Kind { kRead, kWrite, kDurableWrite };
        Transaction(Connection& connection, Kind kind);
        ~Transaction();
        Transaction(const Transaction&) = delete;
        Transaction& operator=(const Transaction&) = delete;
        void commit();

      private:
        Connection& connection_;
        Kind kind_;
        bool open_ = true;
    };

    // Borrows a reading connection; waits when all are lent.
    class Reader {
      public:
        explicit Reader(Database& database);
        ~Reader();
        Reader(const Reader&) = delete;
        Reader& operator=(const Reader&) = delete;
        Connection& operator*() const { return *connection_; }

      private:
        Database& database_;
        std::unique_ptr<Connection> connection_;
    };

    template <class Work>
    auto transact(Transaction::Kind kind, Work&& work) {
        const std::lock_guard lock(write_mutex_);
        Transaction transaction(*writer_, kind);
        if constexpr (std::is_void_v<decltype(work(*writer_))>) {
            work(*writer_);
            transaction.commit();
        } else {
            auto result = work(*writer_);
            transaction.commit();
            return result;
        }
    }

    static constexpr std::size_t kMaxReaders = 8;

    const std::filesystem::path file_;
    std::mutex write_mutex_;
    std::unique_ptr<Connection> writer_;
    std::mutex readers_mutex_;
    std::condition_variable reader_free_;
    std::vector<std::unique_ptr<Connection>> idle_readers_;
    std::size_t readers_ = 0;  // idle and lent
};

}  // namespace metakocka::store
