// Puts what became of a record into the batch that is committed with the run, and counts it.
#pragma once

#include <map>
#include <string>

#include "sync/ports.hpp"

namespace metakocka::sync {

class Bookkeeping {
  public:
    Bookkeeping(Ports ports, RecordKind kind);

    // Kept aside with the reason, retried at every run. `key` is what it is found by again: the ERP's id, or
    // crm_key() of a record that only the CRM has; "" when it has none.
    void quarantine(Run& run, Batch& batch, const std::string& key, const std::string& crm_id,
                    const std::string& reason);
    void release(Batch& batch, const std::string& key);
    bool is_quarantined(const std::string& key) const { return quarantined_.contains(key); }
    // Keys of records that only the CRM has.
    std::vector<std::string> quarantined_in_crm() const;

    void count(Run& run, Batch& batch, const std::string& erp_id, const std::string& crm_id, Bucket bucket,
               const std::string& reason = {});
    // What the CRM said it replaced. `now` is the record as the CRM has it now.
    void replaced(Batch& batch, const std::string& erp_id, const CrmWritten& written, const Record& now);

  private:
    Ports ports_;
    RecordKind kind_;
    std::map<std::string, Quarantined> quarantined_;
};

// The key of a record that only the CRM has; no id of the ERP looks like it.
std::string crm_key(const std::string& crm_id);
// The reverse; "" when `key` is an id of the ERP.
std::string crm_id_of(const std::string& key);

}  // namespace metakocka::sync
