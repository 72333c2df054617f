// Finding records and writing them as JSON.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "records/kind.hpp"
#include "store/connection.hpp"

namespace crm::sample {

// Columns every record's SELECT begins with; the kind's fields follow in their order.
enum Column : int { kId, kActive, kCreatedAt, kUpdatedAt, kExternal, kCustom, kFirstField };

// "id, active, …, field, …"
std::string column_list(const Kind& kind);

struct ListFilter {
    std::int64_t after = 0;
    std::int64_t limit = 100;
    std::string q;
    std::optional<bool> active;
    std::optional<std::int64_t> updated_since;
    std::vector<std::int64_t> ids;          // when not empty: only these
    std::vector<std::string> external_ids;  // when not empty: only these of `system`
    std::string system;
    bool unlinked = false;  // only records that `system` does not know
};

// How one row becomes JSON.
using RowWriter = void (*)(std::string& out, const Kind& kind, const Statement& row, std::string_view system);

// The record as the HTTP API shows it.
void write_api_record(std::string& out, const Kind& kind, const Statement& row, std::string_view system);
// The record as abi.h describes it at crm_records.query.
void write_service_record(std::string& out, const Kind& kind, const Statement& row, std::string_view system);
// The same without its braces.
void write_service_members(std::string& out, const Kind& kind, const Statement& row, std::string_view system);
// One field as JSON.
void write_field(std::string& out, const Field& field, const Statement& row, int column);

// {"items": [], "next": id|null}
std::string list_records(Connection& connection, const Kind& kind, const ListFilter& filter,
                         RowWriter writer);
// The record for the API, or nothing.
std::optional<std::string> get_record(Connection& connection, const Kind& kind, std::int64_t id);
// How many records there are, and how many of them are active.
std::string count_records(Connection& connection, const Kind& kind);

}  // namespace crm::sample
