// One company's share of the database: what every class of store/ works on.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>

#include "store/database.hpp"
#include "sync/clock.hpp"
#include "vault/vault.hpp"

namespace metakocka::store {

// [any-thread]
class Instance {
  public:
    // Opens `folder`/autosync.db, brings its schema up to date and unwraps the instance's data keys; makes
    // the first one for a new instance. `clock` must outlive this and be callable from any thread. Throws
    // StoreError, vault::VaultError or what the wrapper throws; then nothing was damaged.
    static std::shared_ptr<Instance> open(const std::filesystem::path& folder, const std::string& name,
                                          vault::KeyWrapper& wrapper, sync::Clock& clock);

    Instance(std::string name, std::shared_ptr<Database> database, std::unique_ptr<vault::Vault> vault,
             sync::Clock& clock);

    const std::string& name() const noexcept { return name_; }
    Database& database() noexcept { return *database_; }
    const vault::Vault& vault() const noexcept { return *vault_; }
    sync::Instant now() { return clock_.now(); }

    // A number larger than every earlier one, close to the time: microseconds times 1024 plus low bits that
    // differ between nodes.
    std::int64_t new_number();
    // The same as text that sorts by time: an id for runs.
    std::string new_id();

  private:
    const std::string name_;
    const std::shared_ptr<Database> database_;
    const std::unique_ptr<vault::Vault> vault_;
    sync::Clock& clock_;
    const std::int64_t low_bits_;  // of this process, so that two nodes hardly ever give the same number
    std::mutex mutex_;
    std::int64_t last_number_ = 0;
};

}  // namespace metakocka::store
