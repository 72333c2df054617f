// The host's master key, which wraps the keys of connectors.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "util/logger.hpp"

namespace crm::sample {

class MasterKey {
  public:
    // Reads the file that CRM_MASTER_KEY_FILE names, else DATA/master.key, which is made when it is missing.
    static MasterKey load(const std::filesystem::path& data, Logger& logger);
    explicit MasterKey(std::string key) : key_(std::move(key)) {}

    // AES-256-GCM. `purpose` is bound to the result: it opens only for the same purpose.
    std::string wrap(std::string_view key, std::string_view purpose) const;
    // Throws crm::Error(CRM_AUTH) when it was wrapped otherwise or was tampered with.
    std::string unwrap(std::string_view wrapped, std::string_view purpose) const;

  private:
    std::string key_;
};

}  // namespace crm::sample
