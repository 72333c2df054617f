// What a run needs of the CRM. Implemented over the host's records service and by an in-memory one in tests.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/record.hpp"

namespace metakocka::sync {

struct CrmRow {
    std::string id;
    std::string updated_at;
    Record record;  // references hold the CRM's ids
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
};

enum class WriteOutcome { kCreated, kUpdated, kUnchanged, kRefused };

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
};

}  // namespace metakocka::sync
