#include "store/migration.hpp"

#include <string>

#include "store/error.hpp"

namespace metakocka::store {

namespace {

constexpr char kHasTable[] = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'schema_version'";
// About the database, not about an instance: the only table whose key does not begin with one.
constexpr char kMakeTable[] = "CREATE TABLE schema_version (version INTEGER NOT NULL PRIMARY KEY)";
constexpr char kVersion[] = "SELECT max(version) FROM schema_version";
constexpr char kAddVersion[] = "INSERT INTO schema_version (version) VALUES (?1)";

void refuse_newer(int found, int known) {
    if (found <= known) return;
    throw StoreError(StoreProblem::kNewerSchema,
                     "the database was written by a newer version of this module (schema " +
                         std::to_string(found) + ", this version knows " + std::to_string(known) +
                         "): update the module, or restore a backup");
}

}  // namespace

int schema_version(Connection& connection) {
    {
        auto has_table = connection.use(kHasTable);
        if (!has_table.step()) return 0;
    }
    auto version = connection.use(kVersion);
    version.step();
    return static_cast<int>(version.integer(0));
}

void migrate(Connection& connection, std::span<const Migration> steps) {
    const int known = steps.empty() ? 0 : steps.back().version;
    for (const Migration& step : steps) {
        // Looking inside the transaction: another process may be migrating as well.
        connection.execute("BEGIN IMMEDIATE");
        try {
            const int version = schema_version(connection);
            refuse_newer(version, known);
            if (version < step.version) {
                if (version == 0) connection.execute(kMakeTable);
                connection.execute(step.sql);
                connection.use(kAddVersion).bind(step.version).run();
            }
            connection.execute("COMMIT");
        } catch (...) {
            if (connection.in_transaction()) connection.execute("ROLLBACK");
            throw;
        }
    }
}

}  // namespace metakocka::store
