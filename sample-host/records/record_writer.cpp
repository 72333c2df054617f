#include "records/record_writer.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "records/record_reader.hpp"
#include "util/json_text.hpp"

namespace crm::sample {
namespace {

void bind_value(Statement& statement, int index, const Value& value) {
    if (const auto* text = std::get_if<std::string_view>(&value)) {
        statement.bind(index, *text);
    } else if (const auto* number = std::get_if<std::int64_t>(&value)) {
        statement.bind(index, *number);
    } else {
        statement.bind_null(index);
    }
}

// What a field holds when nobody says anything.
Value default_value(FieldType type) {
    if (type == FieldType::kBool) return std::int64_t{0};
    if (type == FieldType::kLines) return std::string_view("[]");
    return {};
}

bool is_same(const Field& field, const Statement& row, int column, const Value& value) {
    if (const auto* text = std::get_if<std::string_view>(&value)) {
        if (row.is_null(column)) return false;
        const std::string_view old = row.text(column);
        return old == *text || (field.type == FieldType::kDecimal && same_decimal(old, *text));
    }
    if (const auto* number = std::get_if<std::int64_t>(&value)) {
        return !row.is_null(column) && row.number(column) == *number;
    }
    return row.is_null(column);
}

// Names of keys come from outside, so an object's text is made in one place only.
std::string merged_object(std::string_view old_text, const boost::json::object& patch) {
    boost::json::object merged = boost::json::parse(old_text).as_object();
    for (const auto& member : patch) {
        if (member.value().is_null()) {
            merged.erase(member.key());
        } else {
            merged[member.key()] = member.value();
        }
    }
    return boost::json::serialize(merged);
}

}  // namespace

// The columns to set with their new values, and the old values as JSON members.
struct RecordWriter::Difference {
    std::vector<std::pair<std::string_view, Value>> set;
    std::string previous = "{";
    Arena texts;

    void keep(std::string_view name) {
        if (previous.size() > 1) previous.push_back(',');
        append_json_string(previous, name);
        previous.push_back(':');
    }
};

RecordWriter::RecordWriter(Connection& connection, const Kind& kind, std::string origin, std::string system,
                           std::int64_t now)
    : connection_(connection),
      kind_(kind),
      origin_(std::move(origin)),
      system_(std::move(system)),
      now_(now) {
    const std::string table(kind.name);
    select_sql_ = "SELECT " + column_list(kind) + " FROM " + table + " WHERE id = ?";
    std::string columns = "active, createdAt, updatedAt, external, custom";
    std::string places = "?,?,?,?,?";
    for (const Field& field : kind.fields) {
        columns += ", ";
        columns += field.name;
        places += ",?";
    }
    insert_sql_ = "INSERT INTO " + table + " (" + columns + ") VALUES (" + places + ")";
}

Statement& RecordWriter::keep(Statement*& kept, const std::string& sql) {
    if (kept == nullptr) kept = &connection_.prepare(sql);
    return *kept;
}

bool RecordWriter::exists(std::string_view kind, std::int64_t id) {
    Statement*& kept = exists_[kind];
    if (kept == nullptr) kept = &connection_.prepare("SELECT 1 FROM " + std::string(kind) + " WHERE id = ?");
    Statement& statement = *kept;
    const ResetGuard guard(statement);
    statement.bind(1, id);
    return statement.step();
}

std::optional<std::int64_t> RecordWriter::updated_at(std::int64_t id) {
    Statement& statement = keep(select_, select_sql_);
    const ResetGuard guard(statement);
    statement.bind(1, id);
    if (!statement.step()) return std::nullopt;
    return statement.number(kUpdatedAt);
}

std::int64_t RecordWriter::find_linked(std::string_view external_id) {
    Statement& statement = keep(
        find_link_, "SELECT recordId FROM external_link WHERE kind = ? AND system = ? AND externalId = ?");
    const ResetGuard guard(statement);
    statement.bind(1, kind_.name);
    statement.bind(2, system_);
    statement.bind(3, external_id);
    return statement.step() ? statement.number(0) : 0;
}

std::optional<std::string> RecordWriter::external_id_of(std::int64_t id) {
    Statement& statement = keep(select_, select_sql_);
    const ResetGuard guard(statement);
    statement.bind(1, id);
    if (!statement.step()) return std::nullopt;
    const auto external = boost::json::parse(statement.text(kExternal));
    const auto* found = external.as_object().if_contains(system_);
    if (found == nullptr) return std::nullopt;
    return std::string(found->as_string());
}

WriteResult RecordWriter::create(const RecordInput& input) {
    std::string external = "{}";
    if (input.external_id) {
        external.pop_back();
        append_json_string(external, system_);
        external.push_back(':');
        append_json_string(external, *input.external_id);
        external.push_back('}');
    }
    const std::string custom = input.custom != nullptr ? merged_object("{}", *input.custom) : "{}";
    Statement& insert = keep(insert_, insert_sql_);
    const ResetGuard guard(insert);
    insert.bind(1, std::int64_t{input.active.value_or(true) ? 1 : 0});
    insert.bind(2, now_);
    insert.bind(3, now_);
    insert.bind(4, external);
    insert.bind(5, custom);
    int index = 6;
    for (std::size_t i = 0; i < kind_.fields.size(); ++i) {
        const auto& value = input.fields[i];
        bind_value(insert, index++, value ? *value : default_value(kind_.fields[i].type));
    }
    insert.step();
    WriteResult result{connection_.last_insert_id(), now_, true, "{}"};
    if (input.external_id) link(result.id, *input.external_id);
    note_change(result.id, now_);
    return result;
}

void RecordWriter::collect_field_changes(const Statement& row, const RecordInput& input,
                                         Difference& difference) const {
    for (std::size_t i = 0; i < kind_.fields.size(); ++i) {
        const Field& field = kind_.fields[i];
        const int column = kFirstField + static_cast<int>(i);
        if (!input.fields[i] || is_same(field, row, column, *input.fields[i])) continue;
        difference.set.emplace_back(field.name, *input.fields[i]);
        difference.keep(field.name);
        write_field(difference.previous, field, row, column);
    }
}

void RecordWriter::collect_shared_changes(const Statement& row, const RecordInput& input,
                                          Difference& difference) const {
    const bool active = row.number(kActive) != 0;
    if (input.active && *input.active != active) {
        difference.set.emplace_back("active", std::int64_t{*input.active ? 1 : 0});
        difference.keep("active");
        difference.previous += active ? "true" : "false";
    }
    if (input.custom != nullptr) {
        std::string merged = merged_object(row.text(kCustom), *input.custom);
        if (merged != row.text(kCustom)) {
            difference.keep("custom");
            difference.previous += row.text(kCustom);
            difference.set.emplace_back("custom",
                                        std::string_view(difference.texts.emplace_back(std::move(merged))));
        }
    }
    if (input.external_id) {
        const boost::json::object patch{{system_, *input.external_id}};
        std::string merged = merged_object(row.text(kExternal), patch);
        if (merged != row.text(kExternal)) {
            difference.set.emplace_back("external",
                                        std::string_view(difference.texts.emplace_back(std::move(merged))));
        }
    }
}

WriteResult RecordWriter::update(std::int64_t id, const RecordInput& input) {
    Difference difference;
    WriteResult result{id, 0, false, "{}"};
    {
        Statement& row = keep(select_, select_sql_);
        const ResetGuard guard(row);
        row.bind(1, id);
        row.step();
        result.updated_at = row.number(kUpdatedAt);
        collect_field_changes(row, input, difference);
        collect_shared_changes(row, input, difference);
    }
    if (difference.set.empty()) return result;

    // A clock that went back must not make updatedAt go back: readers ask for what changed since.
    result.updated_at = std::max(now_, result.updated_at + 1);
    std::string sql = "UPDATE " + std::string(kind_.name) + " SET updatedAt = ?";
    for (const auto& [name, value] : difference.set) {
        sql += ", ";
        sql += name;
        sql += " = ?";
    }
    Statement& update = connection_.prepare(sql + " WHERE id = ?");
    const ResetGuard guard(update);
    update.bind(1, result.updated_at);
    int index = 2;
    for (const auto& [name, value] : difference.set) bind_value(update, index++, value);
    update.bind(index, id);
    update.step();
    if (input.external_id) link(id, *input.external_id);
    note_change(id, result.updated_at);
    result.changed = true;
    result.previous = difference.previous + "}";
    return result;
}

void RecordWriter::erase(std::int64_t id) {
    std::string external = "{}";
    std::int64_t at = now_;
    {
        Statement& row = keep(select_, select_sql_);
        const ResetGuard guard(row);
        row.bind(1, id);
        if (row.step()) {
            external = row.text(kExternal);
            at = std::max(now_, row.number(kUpdatedAt) + 1);
        }
    }
    Statement& links = connection_.prepare("DELETE FROM external_link WHERE kind = ? AND recordId = ?");
    const ResetGuard links_guard(links);
    links.bind(1, kind_.name);
    links.bind(2, id);
    links.step();
    Statement& record = connection_.prepare("DELETE FROM " + std::string(kind_.name) + " WHERE id = ?");
    const ResetGuard record_guard(record);
    record.bind(1, id);
    record.step();
    // Of a record that is gone nothing but its end is told.
    Statement& changes = connection_.prepare("DELETE FROM change WHERE kind = ? AND recordId = ?");
    const ResetGuard changes_guard(changes);
    changes.bind(1, kind_.name);
    changes.bind(2, id);
    changes.step();
    note_change(id, at, &external);
}

void RecordWriter::note_change(std::int64_t id, std::int64_t at, const std::string* external) {
    Statement& statement =
        keep(add_change_,
             "INSERT OR REPLACE INTO change (kind, recordId, origin, at, external) VALUES (?, ?, ?, ?, ?)");
    const ResetGuard guard(statement);
    statement.bind(1, kind_.name);
    statement.bind(2, id);
    statement.bind(3, origin_);
    statement.bind(4, at);
    if (external != nullptr) statement.bind(5, *external);
    statement.step();
}

void RecordWriter::link(std::int64_t id, std::string_view external_id) {
    Statement& statement =
        keep(add_link_,
             "INSERT OR IGNORE INTO external_link (kind, system, externalId, recordId) VALUES (?, ?, ?, ?)");
    const ResetGuard guard(statement);
    statement.bind(1, kind_.name);
    statement.bind(2, system_);
    statement.bind(3, external_id);
    statement.bind(4, id);
    statement.step();
}

}  // namespace crm::sample
