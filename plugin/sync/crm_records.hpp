// What a run needs of the CRM. Implemented over the host's records service and by an in-memory one in tests.
#pragma once

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
    Record record;           // references hold the CRM's ids
    Value external_id = {};  // null when it is linked to nothing
    Instant changed_at = 0;  // when somebody else than this connector changed it last; 0: not told
};

// A record that somebody else than this connector created, changed or deleted.
struct CrmChange {
    std::string id;
    Value external_id;
    bool deleted = false;
    Instant changed_at = 0;
};

struct CrmChanges {
    std::vector<CrmChange> items;
    std::string next;  // the cursor behind them
    bool more = false;
};

// The CRM does not know this cursor (any more): read everything again.
class CursorUnknown : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

struct CrmPage {
    std::vector<CrmRow> rows;
    std::optional<std::string> next;  // what to pass to get the following page; nothing when this is the last
};

struct CrmWrite {
    std::string external_id;
    Value link_to;            // CRM id of an existing record to link instead of creating one
    Record record;            // references already translated to the CRM's ids
    bool deactivate = false;  // set only `active` to false (stock: amount to "0" as well); values are ignored
    // Only if the record in the CRM is still as it was then; else the outcome is kConflict.
    std::optional<std::string> if_updated_at = {};
};

enum class WriteOutcome { kCreated, kUpdated, kUnchanged, kRefused, kConflict };

struct CrmWritten {
    WriteOutcome outcome{};
    std::string id;
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
    // One entry per id, in order; nothing where the CRM has no such record (any more).
    virtual std::vector<std::optional<CrmRow>> rows(RecordKind kind, const std::vector<std::string>& ids) = 0;
    // The same by external ids.
    virtual std::vector<std::optional<CrmRow>> rows_of(RecordKind kind,
                                                       const std::vector<std::string>& external_ids) = 0;
    // What was changed after the cursor, each record once, at most `limit` of them; without a cursor every
    // record that there is. Nothing when this CRM does not tell changes. Throws CursorUnknown.
    virtual std::optional<CrmChanges> changes(RecordKind kind, const std::optional<std::string>& after,
                                              std::size_t limit) = 0;
};

}  // namespace metakocka::sync
