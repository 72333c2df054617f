// Whoever keeps the master key: the host. An adapter over crm::IHost implements it.
#pragma once

#include <string>
#include <string_view>

namespace metakocka::vault {

class KeyWrapper {
  public:
    virtual ~KeyWrapper() = default;
    virtual std::string wrap(std::string_view key) = 0;
    // Throws when `wrapped` was made under another master key or is damaged.
    virtual std::string unwrap(std::string_view wrapped) = 0;
};

}  // namespace metakocka::vault
