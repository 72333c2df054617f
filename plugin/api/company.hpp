// What all gateways of one instance share.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <set>
#include <string>

#include "api/lanes.hpp"
#include "api/tls.hpp"

namespace metakocka::api {

// Which document types can be searched by their last change. The ERP is asked once a day (metakocka-api.md
// §6).
class DiscoveryMemory {
  public:
    std::optional<bool> offers_last_change(const std::string& doc_type, std::int64_t now) {
        constexpr std::int64_t kDay = 86'400'000'000;
        const std::lock_guard lock(mutex_);
        if (!asked_ || now < *asked_ || now - *asked_ > kDay) return std::nullopt;
        return types_.contains(doc_type);
    }
    void remember(std::set<std::string> types, std::int64_t now) {
        const std::lock_guard lock(mutex_);
        types_ = std::move(types);
        asked_ = now;
    }

  private:
    std::mutex mutex_;
    std::optional<std::int64_t> asked_;
    std::set<std::string> types_;
};

struct Company {
    Lanes lanes;
    TlsMemory tls;
    DiscoveryMemory discovery;
};

}  // namespace metakocka::api
