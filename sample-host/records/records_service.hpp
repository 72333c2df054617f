// The records a connector reads and writes: abi.h's crm_records on the CRM's own database.
#pragma once

#include <string>
#include <string_view>

#include "store/database.hpp"

namespace crm::sample {

class RecordsService {
  public:
    // `connector` is the id of the connector; it is also the name of its system in `external`.
    RecordsService(Database& database, std::string connector)
        : database_(database), connector_(std::move(connector)) {}

    // [any-thread] Throw crm::Error(CRM_INVALID) when the request as a whole is wrong.
    std::string query(std::string_view request);
    std::string upsert(std::string_view request);
    // Also throws crm::Error(CRM_CONFLICT) when the cursor is unknown.
    std::string changes(std::string_view request);

  private:
    Database& database_;
    std::string connector_;
};

}  // namespace crm::sample
