#include "sync/crm_feed.hpp"

#include <stdexcept>

namespace metakocka::sync {

namespace {

constexpr char kCursor[] = "crm_cursor";
constexpr std::size_t kPage = 1000;

}  // namespace

void CrmFeed::from_the_start(SyncStore& store, RecordKind kind) {
    store.put_memo(kind, kCursor, "");
}

void CrmFeed::retry(const std::string& crm_id) {
    add(crm_id);
    retried_.push_back(crm_id);
}

// The feed tells a deletion once. What the deletion guard held back then has to be counted again, or the next
// run would let it pass.
void CrmFeed::start() {
    if (!retried_.empty()) {
        const auto rows = ports_.crm.rows_by_id(kind_, retried_);
        for (std::size_t i = 0; i < rows.size(); ++i) {
            if (rows[i]) continue;
            entries_[retried_[i]].deleted = true;
            ++deleted_;
        }
    }
    cursor_ = ports_.store.memo(kind_, kCursor);
    if (cursor_ && cursor_->empty()) cursor_.reset();
    started_ = true;
}

bool CrmFeed::read() {
    if (over_) return false;
    if (!started_) start();
    std::optional<CrmChanges> page;
    try {
        page = ports_.crm.changes(kind_, cursor_, kPage);
    } catch (const CursorUnknown&) {
        cursor_.reset();  // the CRM was restored from a backup, say: everything is looked at again
        page = ports_.crm.changes(kind_, cursor_, kPage);
    }
    if (!page) {
        throw std::runtime_error(
            "This CRM does not tell what was changed in it, so nothing can flow from it to Metakocka. Set "
            "the "
            "direction to metakocka_to_crm.");
    }
    for (const auto& change : page->items) {
        auto& entry = entries_[change.id];
        if (change.deleted && !entry.deleted) ++deleted_;
        entry = {.deleted = change.deleted, .changed_at = change.changed_at};
    }
    cursor_ = page->next;
    over_ = !page->more;
    return true;
}

const CrmFeed::Entry* CrmFeed::find(const std::string& crm_id) const {
    const auto it = entries_.find(crm_id);
    return it == entries_.end() ? nullptr : &it->second;
}

Span CrmFeed::changed(const std::string& crm_id, Instant now) const {
    const Entry* const entry = find(crm_id);
    if (entry == nullptr || entry->changed_at == 0) return {.from = 0, .to = now};
    return {.from = entry->changed_at, .to = entry->changed_at};
}

std::optional<std::string> CrmFeed::next() const {
    if (entries_.empty()) return std::nullopt;
    return entries_.begin()->first;
}

void CrmFeed::finished() {
    if (cursor_) ports_.store.put_memo(kind_, kCursor, *cursor_);
}

}  // namespace metakocka::sync
