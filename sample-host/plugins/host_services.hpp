// What one connector instance gets from this host.
#pragma once

#include <filesystem>
#include <string>

#include "crm/host.hpp"
#include "plugins/master_key.hpp"
#include "plugins/plugin_store.hpp"
#include "plugins/wake_signal.hpp"
#include "records/records_service.hpp"
#include "util/logger.hpp"

namespace crm::sample {

// What all instances share.
struct HostParts {
    Database& database;
    PluginStore& plugin_store;
    const MasterKey& master_key;
    Logger& logger;
    std::filesystem::path data;
};

class HostServices final : public IHost {
  public:
    HostServices(const HostParts& parts, std::string id);

    void log(LogLevel level, std::string_view text) noexcept override;
    Instant now() override;
    Instant monotonic() override;
    std::string settings() override;
    void put_settings(std::string_view json) override;
    std::string query_records(std::string_view request) override;
    std::string upsert_records(std::string_view request) override;
    std::string changed_records(std::string_view request) override;
    std::string wrap_key(std::string_view key) override;
    std::string unwrap_key(std::string_view wrapped) override;
    std::string directory() override;
    void notify(std::string_view json) noexcept override;
    void wake() noexcept override;
    std::uint32_t threads_allowed() noexcept override { return 1; }

    WakeSignal& wake_signal() { return wake_signal_; }

  private:
    void store_notice(std::string_view json);

    const HostParts& parts_;
    std::string id_;
    RecordsService records_;
    WakeSignal wake_signal_;
};

}  // namespace crm::sample
