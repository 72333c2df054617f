// The CRM's database: any number of readers beside one writer.
#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <vector>

#include "store/connection.hpp"

namespace crm::sample {

class Database;

// A connection for reading, given back at the end of the scope.
class Reader {
  public:
    explicit Reader(Database& database);
    ~Reader();
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;
    Connection& operator*() const { return *connection_; }
    Connection* operator->() const { return connection_.get(); }

  private:
    Database& database_;
    std::unique_ptr<Connection> connection_;
};

// One write transaction. Rolled back unless committed. Holds the writer's lock, so keep it short.
class Transaction {
  public:
    explicit Transaction(Database& database);
    ~Transaction();
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    void commit();
    Connection& operator*() const { return connection_; }
    Connection* operator->() const { return &connection_; }

  private:
    std::unique_lock<std::mutex> lock_;
    Connection& connection_;
    bool open_ = true;
};

class Database {
  public:
    // Opens or creates the file and brings its schema up to date.
    explicit Database(std::filesystem::path file);

  private:
    friend class Reader;
    friend class Transaction;

    std::filesystem::path file_;
    std::mutex pool_mutex_;
    std::vector<std::unique_ptr<Connection>> idle_;
    std::mutex writer_mutex_;
    std::unique_ptr<Connection> writer_;
};

}  // namespace crm::sample
