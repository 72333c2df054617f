// First match before creating, the other way round: does the ERP already have what only the CRM knows so far?
#pragma once

#include <optional>
#include <string>

#include "sync/ports.hpp"

namespace metakocka::sync {

struct ErpMatch {
    std::optional<ErpRow> row;
    std::string ambiguity;  // why a person has to decide; "" when nobody has to
};

// Contacts by tax number, then e-mail, then name and post number. Products are matched while they are read,
// so that none is left to look for. What is linked already is no match. Throws ErpError.
ErpMatch match_in_erp(Ports ports, const Record& crm);

}  // namespace metakocka::sync
