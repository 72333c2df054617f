// A run as a row of the table `run`.
#pragma once

#include "store/instance.hpp"
#include "sync/run_types.hpp"

namespace metakocka::store {

void put_run(Connection& connection, Instance& instance, const sync::Run& run);

// The current row of a statement that selects the columns of sql::kGetRun.
sync::Run read_run(const Statement& row, Instance& instance);

}  // namespace metakocka::store
