#include "records/record_reader.hpp"

#include <boost/json/parse.hpp>

#include "util/fold.hpp"
#include "util/json_text.hpp"
#include "util/time_text.hpp"

namespace crm::sample {
namespace {

void append_bool(std::string& out, bool value) {
    out += value ? "true" : "false";
}

void append_id(std::string& out, std::int64_t id) {
    out.push_back('"');
    out += std::to_string(id);
    out.push_back('"');
}

void append_instant(std::string& out, std::int64_t instant) {
    out.push_back('"');
    out += to_rfc3339(instant);
    out.push_back('"');
}

void append_fields(std::string& out, const Kind& kind, const Statement& row) {
    int column = kFirstField;
    for (const Field& field : kind.fields) {
        if (column != kFirstField) out.push_back(',');
        append_json_string(out, field.name);
        out.push_back(':');
        write_field(out, field, row, column++);
    }
}

// The ids as one JSON parameter: the statement stays the same however many there are.
std::string id_list(const std::vector<std::int64_t>& ids) {
    std::string out = "[";
    for (const std::int64_t id : ids) out += (out.size() > 1 ? "," : "") + std::to_string(id);
    return out + ']';
}

std::string id_list(const std::vector<std::string>& ids) {
    std::string out = "[";
    for (const std::string& id : ids) {
        if (out.size() > 1) out.push_back(',');
        append_json_string(out, id);
    }
    return out + ']';
}

// The WHERE clause; its parameters are bound in the same order by bind_filter.
std::string where_clause(const Kind& kind, const ListFilter& filter) {
    std::string sql = " WHERE id > ?2";
    if (!filter.q.empty()) sql += " AND " + std::string(kind.search);
    if (filter.active) sql += *filter.active ? " AND active = 1" : " AND active = 0";
    if (filter.updated_since) sql += " AND updatedAt >= ?4";
    if (filter.unlinked) {
        sql += " AND NOT EXISTS (SELECT 1 FROM json_each(external) WHERE json_each.key = ?5)";
    }
    if (!filter.ids.empty()) sql += " AND id IN (SELECT value FROM json_each(?7))";
    if (!filter.external_ids.empty()) {
        sql +=
            " AND id IN (SELECT recordId FROM external_link WHERE kind = ?6 AND system = ?5 AND externalId "
            "IN (SELECT value FROM json_each(?8)))";
    }
    return sql;
}

// The texts a statement's parameters point to while it runs.
struct FilterTexts {
    explicit FilterTexts(const ListFilter& filter)
        : folded(fold(filter.q)), ids(id_list(filter.ids)), external_ids(id_list(filter.external_ids)) {}
    std::string folded;
    std::string ids;
    std::string external_ids;
};

void bind_filter(Statement& statement, const Kind& kind, const ListFilter& filter, const FilterTexts& texts) {
    statement.bind(1, texts.folded);
    statement.bind(2, filter.after);
    statement.bind(3, filter.limit + 1);
    statement.bind(4, filter.updated_since.value_or(0));
    statement.bind(5, filter.system);
    statement.bind(6, kind.name);
    statement.bind(7, texts.ids);
    statement.bind(8, texts.external_ids);
}

std::string select_sql(const Kind& kind, const std::string& rest) {
    return "SELECT " + column_list(kind) + " FROM " + std::string(kind.name) + rest;
}

}  // namespace

std::string column_list(const Kind& kind) {
    std::string out = "id, active, createdAt, updatedAt, external, custom";
    for (const Field& field : kind.fields) {
        out += ", ";
        out += field.name;
    }
    return out;
}

void write_field(std::string& out, const Field& field, const Statement& row, int column) {
    if (field.type == FieldType::kBool) {
        append_bool(out, row.number(column) != 0);
    } else if (row.is_null(column)) {
        out += "null";
    } else if (field.type == FieldType::kReference) {
        append_id(out, row.number(column));
    } else if (field.type == FieldType::kLines) {
        out += row.text(column);
    } else {
        append_json_string(out, row.text(column));
    }
}

void write_api_record(std::string& out, const Kind& kind, const Statement& row, std::string_view /*system*/) {
    out += "{\"id\":";
    append_id(out, row.number(kId));
    out += ",\"active\":";
    append_bool(out, row.number(kActive) != 0);
    out += ",\"createdAt\":";
    append_instant(out, row.number(kCreatedAt));
    out += ",\"updatedAt\":";
    append_instant(out, row.number(kUpdatedAt));
    out += ",\"external\":";
    out += row.text(kExternal);
    out += ",\"custom\":";
    out += row.text(kCustom);
    out.push_back(',');
    append_fields(out, kind, row);
    out.push_back('}');
}

void write_service_record(std::string& out, const Kind& kind, const Statement& row, std::string_view system) {
    out.push_back('{');
    write_service_members(out, kind, row, system);
    out.push_back('}');
}

void write_service_members(std::string& out, const Kind& kind, const Statement& row,
                           std::string_view system) {
    out += "\"id\":";
    append_id(out, row.number(kId));
    out += ",\"externalId\":";
    const auto external = boost::json::parse(row.text(kExternal));
    const auto* id = external.as_object().if_contains(system);
    if (id != nullptr) {
        append_json_string(out, id->as_string());
    } else {
        out += "null";
    }
    out += ",\"active\":";
    append_bool(out, row.number(kActive) != 0);
    out += ",\"updatedAt\":";
    append_instant(out, row.number(kUpdatedAt));
    out += ",\"fields\":{";
    append_fields(out, kind, row);
    out.push_back('}');
}

std::string list_records(Connection& connection, const Kind& kind, const ListFilter& filter,
                         RowWriter writer) {
    Statement& statement =
        connection.prepare("WITH fixed AS (SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) " +
                           select_sql(kind, where_clause(kind, filter) + " ORDER BY id LIMIT ?3"));
    const FilterTexts texts(filter);
    const ResetGuard guard(statement);
    bind_filter(statement, kind, filter, texts);
    std::string out = "{\"items\":[";
    std::int64_t count = 0;
    std::int64_t last = 0;
    bool more = false;
    while (statement.step()) {
        if (count == filter.limit) {
            more = true;
            break;
        }
        if (count++ != 0) out.push_back(',');
        last = statement.number(kId);
        writer(out, kind, statement, filter.system);
    }
    out += "],\"next\":";
    if (more) {
        append_id(out, last);
    } else {
        out += "null";
    }
    out.push_back('}');
    return out;
}

std::optional<std::string> get_record(Connection& connection, const Kind& kind, std::int64_t id) {
    Statement& statement = connection.prepare(select_sql(kind, " WHERE id = ?1"));
    const ResetGuard guard(statement);
    statement.bind(1, id);
    if (!statement.step()) return std::nullopt;
    std::string out;
    write_api_record(out, kind, statement, {});
    return out;
}

std::string count_records(Connection& connection, const Kind& kind) {
    Statement& statement =
        connection.prepare("SELECT count(*), coalesce(sum(active), 0) FROM " + std::string(kind.name));
    const ResetGuard guard(statement);
    statement.step();
    return "{\"total\":" + std::to_string(statement.number(0)) +
           ",\"active\":" + std::to_string(statement.number(1)) + "}";
}

}  // namespace crm::sample
