// The change feed of the in-memory CRM, and finding its records.
#include <algorithm>
#include <utility>

#include "memory_world.hpp"

namespace metakocka::sync::testing {

namespace {

std::string prefix_of(RecordKind kind) {
    return std::string(to_text(kind)) + '/';
}

CrmRow row_of(const MemoryCrm::Stored& stored) {
    return {.id = stored.id,
            .updated_at = std::to_string(stored.updated_at),
            .record = stored.record,
            .external_id = stored.external_id};
}

CrmChange change_of(const MemoryCrm::Stored& stored, Instant changed_at) {
    return {.id = stored.id,
            .external_id = stored.external_id,
            .deleted = false,
            .updated_at = std::to_string(stored.updated_at),
            .changed_at = changed_at,
            .record = stored.record};
}

}  // namespace

// "history:sequence", while everything is being listed "history:sequence:key of the last one".
struct MemoryCrm::Cursor {
    std::uint64_t sequence = 0;
    std::optional<std::string> listed;

    std::string text(const std::string& history) const {
        return history + ':' + std::to_string(sequence) + (listed ? ':' + *listed : "");
    }
};

void MemoryCrm::touch(Stored& stored) const {
    ++stored.version;
    stored.updated_at = std::max(now, stored.updated_at + 1);
}

MemoryCrm::Cursor MemoryCrm::read_cursor(const std::string& text) const {
    Cursor cursor;
    if (!text.starts_with(history + ':')) throw CursorUnknown("the memory CRM does not know " + text);
    const std::string rest = text.substr(history.size() + 1);
    const auto colon = rest.find(':');
    cursor.sequence = std::stoull(rest.substr(0, colon));
    if (colon != std::string::npos) cursor.listed = rest.substr(colon + 1);
    if (cursor.sequence > sequence_) throw CursorUnknown("the memory CRM does not know " + text);
    return cursor;
}

std::optional<CrmChanges> MemoryCrm::changes(RecordKind kind, const std::optional<std::string>& after,
                                             std::size_t limit) {
    before("changes");
    if (!offers_feed) return std::nullopt;
    if (!after) return list(kind, {sequence_, prefix_of(kind)}, limit);
    const Cursor cursor = read_cursor(*after);
    return cursor.listed ? list(kind, cursor, limit) : list_since(kind, cursor.sequence, limit);
}

CrmChanges MemoryCrm::list(RecordKind kind, const Cursor& cursor, std::size_t limit) const {
    CrmChanges answer;
    Cursor next = cursor;
    for (auto it = records.upper_bound(*cursor.listed); it != records.end(); ++it) {
        if (it->second.record.kind != kind) continue;
        if (answer.items.size() == limit) {
            answer.more = true;
            break;
        }
        const auto changed = by_users_.find(it->first);
        answer.items.push_back(change_of(it->second, changed == by_users_.end() ? 0 : changed->second.at));
        next.listed = it->first;
    }
    if (!answer.more) next.listed.reset();
    answer.next = next.text(history);
    return answer;
}

CrmChanges MemoryCrm::list_since(RecordKind kind, std::uint64_t sequence, std::size_t limit) const {
    const std::string prefix = prefix_of(kind);
    std::map<std::uint64_t, std::string> in_order;
    for (auto it = by_users_.lower_bound(prefix); it != by_users_.end() && it->first.starts_with(prefix);
         ++it) {
        if (it->second.sequence > sequence) in_order.emplace(it->second.sequence, it->first);
    }
    CrmChanges answer;
    Cursor next{sequence, std::nullopt};
    for (const auto& [at, key] : in_order) {
        if (answer.items.size() == limit) {
            answer.more = true;
            break;
        }
        const UserChange& change = by_users_.at(key);
        next.sequence = at;
        if (!change.deleted) {
            answer.items.push_back(change_of(records.at(key), change.at));
            continue;
        }
        answer.items.push_back({.id = key.substr(prefix.size()),
                                .external_id = change.external_id,
                                .deleted = true,
                                .updated_at = std::to_string(change.at),
                                .changed_at = change.at,
                                .record = Record(kind, change.external_id.value_or(""))});
        answer.items.back().record.active = false;
    }
    if (!answer.more) next.sequence = sequence_;
    answer.next = next.text(history);
    return answer;
}

std::vector<std::optional<CrmRow>> MemoryCrm::rows(RecordKind kind,
                                                   const std::vector<std::string>& external_ids) {
    before("rows");
    std::map<std::string, const Stored*> linked;
    for (const auto& [key, stored] : records) {
        if (stored.record.kind == kind && stored.external_id) linked.emplace(*stored.external_id, &stored);
    }
    std::vector<std::optional<CrmRow>> found;
    found.reserve(external_ids.size());
    for (const auto& id : external_ids) {
        const auto it = linked.find(id);
        found.push_back(it == linked.end() ? std::nullopt : std::optional(row_of(*it->second)));
    }
    return found;
}

std::vector<std::optional<CrmRow>> MemoryCrm::rows_by_id(RecordKind kind,
                                                         const std::vector<std::string>& ids) {
    before("rows_by_id");
    std::vector<std::optional<CrmRow>> found;
    found.reserve(ids.size());
    for (const auto& id : ids) {
        const auto it = records.find(prefix_of(kind) + id);
        found.push_back(it == records.end() ? std::nullopt : std::optional(row_of(it->second)));
    }
    return found;
}

}  // namespace metakocka::sync::testing
