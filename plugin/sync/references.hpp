// References between records: the ERP's ids become the CRM's (rule 6: none is ever left dangling).
#pragma once

#include <string>
#include <vector>

#include "sync/crm_form.hpp"
#include "sync/matcher.hpp"
#include "sync/ports.hpp"

namespace metakocka::sync {

// A row together with the form the CRM gets.
struct Translated {
    std::optional<Record> crm;  // references by CRM id; null when the row has none and stays as it is
    std::string problem;        // why it can't be written now; "" when it can
};

class References {
  public:
    explicit References(Ports ports)
        : ports_(ports), form_(ports.store), contact_matcher_(ports.crm, RecordKind::kContacts) {}

    // One answer per row, in order; rows with a problem are passed through. A contact that an invoice needs
    // and that is not in the CRM yet is fetched and created first.
    std::vector<Translated> translate(const Run& run, RecordKind kind, const std::vector<ErpRow>& rows);

  private:
    std::vector<ErpRow> partners_with(const std::string& id);
    void bring_contacts(const Run& run, const std::vector<std::string>& wanted, CrmForm::Ids& contacts);

    Ports ports_;
    CrmForm form_;
    Matcher contact_matcher_;
};

}  // namespace metakocka::sync
