// Host side: a crm::IHost as the tables a module finds by name.
#pragma once

#include "crm/abi.h"
#include "crm/host.hpp"

namespace crm::detail {

// Must outlive the instance that was made over it, and so must `host`.
class HostTables {
  public:
    explicit HostTables(IHost& host) noexcept;
    HostTables(const HostTables&) = delete;
    HostTables& operator=(const HostTables&) = delete;

    const crm_host* get() const noexcept { return &host_; }

  private:
    static const void* query(void* ctx, const char* name, std::uint64_t size) noexcept;

    crm_host host_;
    crm_log log_;
    crm_clock clock_;
    crm_settings settings_;
    crm_records records_;
    crm_keys keys_;
    crm_files files_;
    crm_notify notify_;
    crm_wake wake_;
    crm_threads threads_;
};

}  // namespace crm::detail
