// Records of the ERP in the form the CRM gets: the ERP's ids in them become the CRM's, by the links there
// are.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sync/erp_gateway.hpp"
#include "sync/sync_store.hpp"

namespace metakocka::sync {

class CrmForm {
  public:
    using Ids = std::map<std::string, std::string>;  // ERP id → CRM id

    explicit CrmForm(SyncStore& store) : store_(store) {}

    // Ids of `target` that the rows refer to, each once.
    static std::vector<std::string> referred(const std::vector<ErpRow>& rows, RecordKind kind,
                                             RecordKind target);
    // Those that are linked.
    Ids known(RecordKind kind, const std::vector<std::string>& erp_ids);
    // Lines with the CRM's product ids, and with what only the product says.
    std::string lines(const std::string& lines, const Ids& products);
    // A whole record, for showing: what it refers to is null where it is not linked.
    Record shown(const Record& erp);

  private:
    const Record* product_base(const std::string& erp_id);

    SyncStore& store_;
    std::map<std::string, std::optional<Record>> product_bases_;
};

}  // namespace metakocka::sync
