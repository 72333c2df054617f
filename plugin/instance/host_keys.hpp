// vault::KeyWrapper over the host's master key.
#pragma once

#include "crm/host.hpp"
#include "vault/key_wrapper.hpp"

namespace metakocka {

class HostKeys final : public vault::KeyWrapper {
  public:
    explicit HostKeys(crm::IHost& host) : host_(host) {}
    std::string wrap(std::string_view key) override { return host_.wrap_key(key); }
    std::string unwrap(std::string_view wrapped) override { return host_.unwrap_key(wrapped); }

  private:
    crm::IHost& host_;
};

}  // namespace metakocka
