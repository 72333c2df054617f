// What a look at one record found.
#pragma once

#include <string>

#include "model/record.hpp"
#include "sync/clock.hpp"

namespace metakocka {

struct LiveRecord {
    std::string crm_id;
    std::string erp_id;
    Record record;              // in the CRM's form
    bool stale = false;         // the last known values: the ERP did not give newer ones
    std::string reason;         // why it is stale
    bool applied = true;        // the CRM has these values too
    sync::Instant read_at = 0;  // when the ERP was known to have them; 0: not known
};

}  // namespace metakocka
