// What day it is in the ledger (metakocka-api.md §3: Europe/Ljubljana).
#pragma once

#include <cstdint>
#include <string>

namespace metakocka::api {

// YYYY-MM-DD, of an Instant (microseconds since 1970).
std::string ledger_day(std::int64_t instant);

// An Instant as search filters want it, always with the offset +02:00: the same moment, otherwise written.
std::string timestamp_filter(std::int64_t instant);

}  // namespace metakocka::api
