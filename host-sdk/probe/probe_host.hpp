// The host that a module meets in the probe: it has no records and no settings, and forgets what it is told.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>

#include "crm/host.hpp"

namespace crm::probe {

class ProbeHost final : public IHost {
  public:
    explicit ProbeHost(std::filesystem::path folder) : folder_(std::move(folder)) {}

    void log(LogLevel level, std::string_view text) noexcept override;
    Instant now() override;
    Instant monotonic() override;
    std::string settings() override { return "{}"; }
    void put_settings(std::string_view json) override;
    std::string query_records(std::string_view request) override;
    std::string upsert_records(std::string_view request) override;
    // Nothing worth protecting is ever wrapped here.
    std::string wrap_key(std::string_view key) override { return std::string(key); }
    std::string unwrap_key(std::string_view wrapped) override { return std::string(wrapped); }
    std::string directory() override { return folder_.string(); }
    void notify(std::string_view json) noexcept override;
    void wake() noexcept override {}

  private:
    std::filesystem::path folder_;
};

}  // namespace crm::probe
