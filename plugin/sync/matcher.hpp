// First match before creating (design.md §5): which record that only the CRM knows so far is the one that the
// ERP has.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "sync/crm_records.hpp"

namespace metakocka::sync {

// A tax number as it is matched: without spaces, in upper case, without the country prefix.
std::string tax_key(std::string_view tax_number);

struct Match {
    Value crm_id;           // the one record it can be; null when there is none
    std::string ambiguity;  // why a person has to decide; "" when nobody has to
};

// Contacts by tax number, then e-mail, then name and post number; products by code, then barcode; other kinds
// never.
class Matcher {
  public:
    Matcher(CrmRecords& crm, RecordKind kind) : crm_(crm), kind_(kind) {}

    // Reads the CRM's unlinked records at the first call. Throws what CrmRecords throws.
    Match find(const Record& erp);
    // This record of the CRM is linked now.
    void taken(const std::string& crm_id) { taken_.insert(crm_id); }

  private:
    void load();

    CrmRecords& crm_;
    RecordKind kind_;
    bool loaded_ = false;
    std::map<std::string, std::vector<std::string>> by_key_;  // key → CRM ids
    std::map<std::string, std::string> tax_of_;               // CRM id → tax key
    std::set<std::string> taken_;
};

}  // namespace metakocka::sync
