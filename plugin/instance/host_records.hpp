// sync::CrmRecords over the host's records service (abi.h, crm_records).
#pragma once

#include "crm/host.hpp"
#include "sync/crm_records.hpp"

namespace metakocka {

class HostRecords final : public sync::CrmRecords {
  public:
    explicit HostRecords(crm::IHost& host) : host_(host) {}

    std::vector<sync::CrmWritten> upsert(RecordKind kind, const std::vector<sync::CrmWrite>& batch) override;
    sync::CrmPage unlinked(RecordKind kind, const std::string& after, std::size_t limit) override;
    std::vector<std::optional<sync::CrmRow>> rows(RecordKind kind,
                                                  const std::vector<std::string>& external_ids) override;
    std::vector<std::optional<sync::CrmRow>> rows_by_id(RecordKind kind,
                                                        const std::vector<std::string>& ids) override;
    std::optional<sync::CrmChanges> changes(RecordKind kind, const std::optional<std::string>& after,
                                            std::size_t limit) override;

  private:
    std::vector<std::optional<sync::CrmRow>> find(RecordKind kind, std::string_view asked_by,
                                                  const std::vector<std::string>& ids);

    crm::IHost& host_;
};

}  // namespace metakocka
