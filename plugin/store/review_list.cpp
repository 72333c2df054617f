#include "store/review_list.hpp"

#include "store/cursor.hpp"
#include "store/places.hpp"
#include "store/sql.hpp"
#include "store/two_way.hpp"

namespace metakocka::store {

namespace {

// "contacts/17": the kind and the id of the last one shown.
struct Position {
    int kind = -1;
    std::string id;
};

std::string cursor_of(RecordKind kind, const std::string& id) {
    return std::string(to_text(kind)) + '/' + id;
}

Position parse_cursor(const std::string& text) {
    if (text.empty()) return {};
    const std::size_t slash = text.find('/');
    const auto kind = parse_kind(std::string_view(text).substr(0, slash));
    if (slash == std::string::npos || !kind) {
        throw StoreError(StoreProblem::kInput, "this is no position in the list");
    }
    return {static_cast<int>(*kind), text.substr(slash + 1)};
}

sync::Conflict read_conflict(const Statement& row, Instance& instance) {
    sync::Conflict conflict;
    conflict.kind = static_cast<RecordKind>(row.integer(0));
    conflict.crm_id = row.text(1);
    conflict.erp_id = row.text(2);
    conflict.since = row.integer(3);
    sync::decode(instance.vault().open("conflict", place(conflict.kind, conflict.crm_id), row.view(4)),
                 conflict);
    return conflict;
}

KeptAside read_kept_aside(const Statement& row, Instance& instance) {
    KeptAside kept;
    kept.kind = static_cast<RecordKind>(row.integer(0));
    kept.entry.erp_id = row.text(1);
    kept.entry.since = row.integer(2);
    kept.entry.tries = static_cast<std::uint32_t>(row.integer(3));
    kept.entry.reason = instance.vault().open("quarantine", place(kept.kind, kept.entry.erp_id), row.view(4));
    return kept;
}

template <class Item, class Read, class CursorOf>
Page<Item> list(Instance& instance, const char* statement, std::optional<RecordKind> kind,
                const std::string& after, std::size_t limit, Read read, CursorOf cursor_of_item) {
    const Position position = parse_cursor(after);
    return instance.database().read([&](Connection& connection) {
        auto rows = connection.use(statement);
        rows.bind(instance.name(), position.kind, position.id, with_one_more(limit));
        if (kind) rows.bind_one(5, static_cast<int>(*kind));
        Page<Item> page;
        while (rows.step()) page.items.push_back(read(rows, instance));
        end_page(page, limit, cursor_of_item);
        return page;
    });
}

}  // namespace

Page<sync::Conflict> ReviewList::conflicts(std::optional<RecordKind> kind, const std::string& after,
                                           std::size_t limit) {
    return list<sync::Conflict>(*instance_, sql::kListConflicts, kind, after, limit, read_conflict,
                                [](const sync::Conflict& last) { return cursor_of(last.kind, last.crm_id); });
}

std::optional<sync::Conflict> ReviewList::conflict(RecordKind kind, const std::string& crm_id) {
    return instance_->database().read([&](Connection& connection) -> std::optional<sync::Conflict> {
        auto row = connection.use(sql::kGetConflict);
        row.bind(instance_->name(), static_cast<int>(kind), crm_id);
        if (!row.step()) return std::nullopt;
        return read_conflict(row, *instance_);
    });
}

bool ReviewList::decide(RecordKind kind, const std::string& crm_id, const sync::Resolution& resolution) {
    return instance_->database().write([&](Connection& connection) {
        std::optional<sync::Conflict> conflict;
        {
            auto row = connection.use(sql::kGetConflict);
            row.bind(instance_->name(), static_cast<int>(kind), crm_id);
            if (row.step()) conflict = read_conflict(row, *instance_);
        }
        if (!conflict) return false;
        conflict->resolution = resolution;
        put_conflict(connection, *instance_, *conflict);
        return true;
    });
}

Page<KeptAside> ReviewList::quarantine(std::optional<RecordKind> kind, const std::string& after,
                                       std::size_t limit) {
    return list<KeptAside>(*instance_, sql::kListQuarantine, kind, after, limit, read_kept_aside,
                           [](const KeptAside& last) { return cursor_of(last.kind, last.entry.erp_id); });
}

std::optional<KeptAside> ReviewList::kept_aside(RecordKind kind, const std::string& key) {
    return instance_->database().read([&](Connection& connection) -> std::optional<KeptAside> {
        auto row = connection.use(sql::kGetQuarantined);
        row.bind(instance_->name(), static_cast<int>(kind), key);
        if (!row.step()) return std::nullopt;
        return read_kept_aside(row, *instance_);
    });
}

}  // namespace metakocka::store
