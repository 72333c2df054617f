// One connection to the CRM's database with its prepared statements. Used by one thread at a time.
#pragma once

#include <Poco/Data/Session.h>

#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "store/statement.hpp"

namespace crm::sample {

class Connection {
  public:
    explicit Connection(const std::filesystem::path& file);

    // A cached statement, ready to be bound. Not to be asked for again while it is being stepped through.
    Statement& prepare(const std::string& sql);
    // Runs SQL without results; several statements may be separated by semicolons.
    void execute(const std::string& sql);
    std::int64_t last_insert_id() const;
    // Forgets the cached statements when there are too many. Only between uses.
    void trim();

  private:
    Poco::Data::Session session_;
    sqlite3* handle_;
    std::map<std::string, std::unique_ptr<Statement>, std::less<>> statements_;
};

}  // namespace crm::sample
