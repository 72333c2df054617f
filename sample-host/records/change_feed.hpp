// What others than one connector did to the records: abi.h's crm_records.changes, read from the change log
// that RecordWriter keeps.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "records/kind.hpp"
#include "store/database.hpp"

namespace crm::sample {

// Begins a new part of the history; to be called at each start of the host. A cursor names the part it was
// given in, so that one from a history that a restored backup took back is told apart.
void begin_history(Database& database);

// The answer as JSON. `connector` is who asks; `after` is a cursor. Throws crm::Error(CRM_CONFLICT) when the
// cursor is unknown.
std::string list_changes(Connection& connection, const Kind& kind, std::string_view connector,
                         const std::optional<std::string>& after, std::int64_t limit);

}  // namespace crm::sample
