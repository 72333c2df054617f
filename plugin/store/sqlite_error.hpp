// SQLite's result codes as StoreError.
#pragma once

struct sqlite3;

namespace metakocka::store {

// The text never quotes values: SQLite's messages name tables and columns only.
[[noreturn]] void throw_sqlite(sqlite3* handle, int code);

}  // namespace metakocka::store
