// The company's key to Metakocka, sealed.
#pragma once

#include <memory>
#include <optional>

#include "store/instance.hpp"
#include "vault/credentials.hpp"

namespace metakocka::store {

// [any-thread]
class CredentialStore {
  public:
    explicit CredentialStore(std::shared_ptr<Instance> instance) : instance_(std::move(instance)) {}

    // Replaces what is there. `credentials.set_at` is stored as given.
    void put(const vault::Credentials& credentials);
    std::optional<vault::Credentials> get();
    void clear();

  private:
    std::shared_ptr<Instance> instance_;
};

}  // namespace metakocka::store
