// What a run needs of the CRM. Implemented over the host's records service and by an in-memory one in tests.
#pragma once

#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "model/record.hpp"
#include "sync/clock.hpp"

namespace metakocka::sync {

struct CrmRow {
    std::string id;
    std::string updated_at;
    Record record;  // references hold the CRM's ids
    std::optional<std::string> external_id{};
    std::string
        problem{};  // why the record can't be read; its fields are empty then, and it is no use to write
};

struct CrmPage {
    std::vector<CrmRow> rows;
    std::optional<std::string> next;  // what to pass to get the following page; nothing when this is the last
};

// A record that somebody else created, changed or deleted, as it is now.
struct CrmChange {
    std::string id;
    std::optional<std::string> external_id;
    bool deleted = false;
    std::string updated_at;
    Instant changed_at = 0;  // of the last change by anybody but us; 0 when there was none
    Record record;           // references hold the CRM's ids; empty when deleted
    std::string problem{};   // as in CrmRow
};

struct CrmChanges {
    std::vector<CrmChange> items;
    std::string next;   // where to ask from the next time: to be kept with what was made of the items
    bool more = false;  // `next` has items at once
};

// The CRM does not know the cursor, say after an old backup was restored: read everything again, from
// nothing.
class CursorUnknown : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

struct CrmWrite {
    std::string external_id;
    Value link_to;            // CRM id of an existing record to link instead of creating one
    Record record;            // references already translated to the CRM's ids
    bool deactivate = false;  // set only `active` to false (stock: amount to "0" as well); values are ignored
    std::optional<std::string> if_updated_at{};  // write only while the record's updated_at is still this
};

// kConflict: the record is not as `if_updated_at` says; nothing was written.
enum class WriteOutcome { kCreated, kUpdated, kUnchanged, kRefused, kConflict };

struct CrmWritten {
    WriteOutcome outcome{};
    std::string id;  // as updated_at, empty when a conflict is that the record is gone
    std::string updated_at;
    std::vector<std::pair<std::string, Value>> previous;  // field → what it replaced
    std::string error;                                    // of kRefused, the CRM's own words
};

// One thread at a time. Throws crm::Error when the CRM can't answer at all.
class CrmRecords {
  public:
    virtual ~CrmRecords() = default;
    // Creates or changes by external id; one answer per item, in order; durable when it returns.
    virtual std::vector<CrmWritten> upsert(RecordKind kind, const std::vector<CrmWrite>& batch) = 0;
    // Records of the CRM that carry no external id, page by page; `after` is the last page's `next`, "" at
    // first.
    virtual CrmPage unlinked(RecordKind kind, const std::string& after, std::size_t limit) = 0;
    // The records with these external ids, in their order; nothing where there is none. As many as you like.
    virtual std::vector<std::optional<CrmRow>> rows(RecordKind kind,
                                                    const std::vector<std::string>& external_ids) = 0;
    // The same by the CRM's own ids.
    virtual std::vector<std::optional<CrmRow>> rows_by_id(RecordKind kind,
                                                          const std::vector<std::string>& ids) = 0;
    // What anybody else changed since `after`, the last answer's `next`, each record once, the oldest change
    // first; our own writes are never among it, and never hide another's change. Without `after` every record
    // that there is, to start from. What happens meanwhile may be told twice. Nothing: this host has no feed.
    // Throws CursorUnknown.
    virtual std::optional<CrmChanges> changes(RecordKind kind, const std::optional<std::string>& after,
                                              std::size_t limit) = 0;
};

}  // namespace metakocka::sync
