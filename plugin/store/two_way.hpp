// What waits: writes to the ERP that were announced, and records that a person has to decide about.
#pragma once

#include "store/instance.hpp"
#include "sync/sync_store.hpp"

namespace metakocka::store {

// Part of the transaction that is open on `connection`.
void put_conflict(Connection& connection, Instance& instance, const sync::Conflict& conflict);
void put_two_way(Connection& connection, Instance& instance, const sync::Run& run, const sync::Batch& batch);

}  // namespace metakocka::store
