#include "records/change_feed.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <charconv>

#include "crm/error.hpp"
#include "records/record_reader.hpp"
#include "records/record_writer.hpp"
#include "util/json_text.hpp"
#include "util/secrets.hpp"
#include "util/time_text.hpp"

namespace crm::sample {
namespace {

constexpr std::size_t kPartBytes = 8;

// "<kind>-<part>-<sequence>": everything up to that change was told. While all records are being listed,
// "-<record>" follows: those up to it were told, and `sequence` is where the changes go on afterwards.
struct Cursor {
    std::string part;
    std::int64_t sequence = 0;
    std::optional<std::int64_t> listed;
};

std::string to_text(const Kind& kind, const Cursor& cursor) {
    std::string text = std::string(kind.name) + '-' + cursor.part + '-' + std::to_string(cursor.sequence);
    if (cursor.listed) text += '-' + std::to_string(*cursor.listed);
    return text;
}

[[noreturn]] void unknown_cursor() {
    throw Error(CRM_CONFLICT, "this host does not know the cursor; read everything again, with after = null");
}

// The cursor's next piece, up to the next dash.
std::string_view take(std::string_view& text) {
    const std::string_view piece = text.substr(0, text.find('-'));
    text.remove_prefix(std::min(text.size(), piece.size() + 1));
    return piece;
}

std::int64_t take_number(std::string_view& text) {
    const std::string_view piece = take(text);
    const char* end = piece.data() + piece.size();
    std::int64_t number = -1;
    const auto result = std::from_chars(piece.data(), end, number);
    if (result.ec != std::errc{} || result.ptr != end || number < 0) unknown_cursor();
    return number;
}

// Throws when no part of the history that is still there has given it.
Cursor read_cursor(Connection& connection, const Kind& kind, std::string_view text) {
    std::string_view rest = text;
    Cursor cursor;
    take(rest);
    cursor.part = take(rest);
    cursor.sequence = take_number(rest);
    if (!rest.empty()) cursor.listed = take_number(rest);
    if (to_text(kind, cursor) != text) unknown_cursor();
    Statement& statement = connection.prepare(
        "SELECT coalesce((SELECT min(since) FROM history WHERE number > this.number), (SELECT max(sequence) "
        "FROM change), 0) FROM history AS this WHERE part = ?");
    const ResetGuard guard(statement);
    statement.bind(1, cursor.part);
    if (!statement.step() || cursor.sequence > statement.number(0)) unknown_cursor();
    return cursor;
}

// Where the history ends now.
Cursor end_of_history(Connection& connection) {
    Statement& statement = connection.prepare(
        "SELECT part, (SELECT coalesce(max(sequence), 0) FROM change) FROM history ORDER BY number DESC "
        "LIMIT "
        "1");
    const ResetGuard guard(statement);
    statement.step();
    return {std::string(statement.text(0)), statement.number(1), std::nullopt};
}

void append_changed_at(std::string& out, const Statement& row, int column) {
    out += ",\"changedAt\":";
    out += row.is_null(column) ? "null" : '"' + to_rfc3339(row.number(column)) + '"';
}

void append_record(std::string& out, const Kind& kind, const Statement& row, std::string_view connector,
                   int changed_at) {
    out += "{\"deleted\":false";
    append_changed_at(out, row, changed_at);
    out.push_back(',');
    write_service_members(out, kind, row, connector);
    out.push_back('}');
}

// A record that is gone: what the log kept of it.
void append_deleted(std::string& out, std::string_view connector, std::int64_t id, std::int64_t at,
                    std::string_view external) {
    const auto links = boost::json::parse(external);
    const auto* external_id = links.as_object().if_contains(connector);
    const std::string time = '"' + to_rfc3339(at) + '"';
    out += "{\"deleted\":true,\"active\":false,\"id\":\"" + std::to_string(id) + "\",\"externalId\":";
    out += external_id != nullptr ? json_string(external_id->as_string()) : "null";
    out += ",\"changedAt\":" + time + ",\"updatedAt\":" + time + '}';
}

std::string finish(const Kind& kind, std::string items, const Cursor& next, bool more) {
    items +=
        "],\"next\":" + json_string(to_text(kind, next)) + ",\"more\":" + (more ? "true" : "false") + '}';
    return items;
}

std::string list_all(Connection& connection, const Kind& kind, std::string_view connector, Cursor cursor,
                     std::int64_t limit) {
    Statement& statement = connection.prepare(
        "SELECT " + column_list(kind) +
        ", (SELECT max(at) FROM change WHERE change.kind = ?1 AND recordId = id AND origin <> ?2) FROM " +
        std::string(kind.name) + " WHERE id > ?3 ORDER BY id LIMIT ?4");
    const std::string own = connector_origin(connector);
    const ResetGuard guard(statement);
    statement.bind(1, kind.name);
    statement.bind(2, own);
    statement.bind(3, cursor.listed.value_or(0));
    statement.bind(4, limit + 1);
    const int changed_at = kFirstField + static_cast<int>(kind.fields.size());
    std::string items = "{\"items\":[";
    for (std::int64_t count = 0; statement.step(); ++count) {
        if (count == limit) return finish(kind, std::move(items), cursor, true);
        if (count != 0) items.push_back(',');
        cursor.listed = statement.number(kId);
        append_record(items, kind, statement, connector, changed_at);
    }
    cursor.listed.reset();
    return finish(kind, std::move(items), cursor, false);
}

std::string list_since(Connection& connection, const Kind& kind, std::string_view connector,
                       const Cursor& cursor, std::int64_t limit) {
    // Found before the changes are, so that what happens in between is told the next time.
    const Cursor end = end_of_history(connection);
    // A record is told at its last change by another. NOT INDEXED: from the cursor on, whatever the kind, is
    // the short way through the log.
    Statement& statement = connection.prepare(
        "WITH latest AS (SELECT sequence, recordId, at, external AS links FROM change AS this NOT INDEXED "
        "WHERE sequence > ?1 AND sequence <= ?2 AND kind = ?3 AND origin <> ?4 AND NOT EXISTS (SELECT 1 FROM "
        "change AS later WHERE later.kind = ?3 AND later.recordId = this.recordId AND later.origin <> ?4 AND "
        "later.sequence > this.sequence)) SELECT " +
        column_list(kind) + ", at, sequence, recordId, links FROM latest LEFT JOIN " +
        std::string(kind.name) + " ON id = recordId ORDER BY sequence LIMIT ?5");
    const std::string own = connector_origin(connector);
    const ResetGuard guard(statement);
    statement.bind(1, cursor.sequence);
    statement.bind(2, end.sequence);
    statement.bind(3, kind.name);
    statement.bind(4, own);
    statement.bind(5, limit + 1);
    const int changed_at = kFirstField + static_cast<int>(kind.fields.size());
    Cursor next{end.part, cursor.sequence, std::nullopt};
    std::string items = "{\"items\":[";
    for (std::int64_t count = 0; statement.step(); ++count) {
        if (count == limit) return finish(kind, std::move(items), next, true);
        if (count != 0) items.push_back(',');
        next.sequence = statement.number(changed_at + 1);
        if (statement.is_null(kId)) {
            append_deleted(items, connector, statement.number(changed_at + 2), statement.number(changed_at),
                           statement.text(changed_at + 3));
        } else {
            append_record(items, kind, statement, connector, changed_at);
        }
    }
    return finish(kind, std::move(items), end, false);
}

}  // namespace

void begin_history(Database& database) {
    Transaction transaction(database);
    Statement& statement = transaction->prepare(
        "INSERT INTO history (part, since) SELECT ?, coalesce(max(sequence), 0) FROM change");
    const std::string part = random_hex(kPartBytes);
    statement.bind(1, part);
    statement.run();
    transaction.commit();
}

std::string list_changes(Connection& connection, const Kind& kind, std::string_view connector,
                         const std::optional<std::string>& after, std::int64_t limit) {
    if (!after) return list_all(connection, kind, connector, end_of_history(connection), limit);
    const Cursor cursor = read_cursor(connection, kind, *after);
    return cursor.listed ? list_all(connection, kind, connector, cursor, limit)
                         : list_since(connection, kind, connector, cursor, limit);
}

}  // namespace crm::sample
