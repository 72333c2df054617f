// Records that the ERP does not have any more become inactive in the CRM, never deleted.
#pragma once

#include "sync/bookkeeping.hpp"

namespace metakocka::sync {

// Stored in place of a deactivated record's fingerprint: it equals no record's, so that one which comes back
// is written again.
inline constexpr Fingerprint kGone{};

CrmWrite deactivation(const Record& base);
// As the CRM has it after that.
Record deactivated(Record record);

// What the CRM answered to deactivation(base): counted, and put into the batch.
void take_deactivated(Ports ports, Bookkeeping& books, Run& run, Batch& batch, const Record& base,
                      const CrmWritten& written, Instant seen_before);

// Start of the last run that read everything of this kind; 0 when there was none.
Instant last_full_reading(SyncStore& store, RecordKind kind);

}  // namespace metakocka::sync
