// The schema's history: each step leads from one version to the next and is never edited once released.
#pragma once

#include <span>

#include "store/connection.hpp"

namespace metakocka::store {

struct Migration {
    int version;  // after it
    const char* sql;
};

// In rising order, from version 1 on without gaps.
std::span<const Migration> migrations();

// Version of the database; 0 when it is empty.
int schema_version(Connection& connection);

// Applies what is missing, each step in its own transaction. Throws StoreError(kNewerSchema), with nothing
// changed, when the database is further than `steps`.
void migrate(Connection& connection, std::span<const Migration> steps);

}  // namespace metakocka::store
