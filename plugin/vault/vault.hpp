// Seals what the module stores. One vault belongs to one instance.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "vault/error.hpp"
#include "vault/key_wrapper.hpp"
#include "vault/secret.hpp"

namespace metakocka::vault {

using KeyId = std::uint16_t;

// A data key as it is stored: only the host's master key makes it usable.
struct WrappedKey {
    KeyId id = 1;
    std::string wrapped;
    std::string check;  // proves that unwrapping gave the same key back
};

// [any-thread] once constructed.
class Vault {
  public:
    // A new random data key, wrapped. Ids are given in rising order; the first is 1.
    static WrappedKey make_key(const std::string& instance, KeyId id, KeyWrapper& wrapper);

    // `keys` are all keys of the instance, at least one. The one with the highest id seals, all of them open.
    // Throws VaultError(kWrongKey) when a key does not pass its check; what the wrapper throws passes
    // through.
    Vault(const std::string& instance, std::span<const WrappedKey> keys, KeyWrapper& wrapper);
    ~Vault();
    Vault(const Vault&) = delete;
    Vault& operator=(const Vault&) = delete;

    // AES-256-GCM under a random nonce, bound to instance, table and row: the result opens nowhere else.
    std::string seal(std::string_view table, std::string_view row, std::string_view plaintext) const;
    // Throws VaultError: kTampered or kMissingKey.
    std::string open(std::string_view table, std::string_view row, std::string_view sealed) const;

    // Key for metakocka::Fingerprinter. Stays the same when newer data keys are added.
    std::span<const std::uint8_t> fingerprint_key() const noexcept;
    // HMAC-SHA256 for look-ups and hash chains; different purposes give unrelated hashes. Stays the same when
    // newer data keys are added.
    std::array<std::uint8_t, 32> keyed_hash(std::string_view purpose, std::string_view text) const;

    KeyId current_key() const noexcept;

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

// The key that `sealed` needs; throws VaultError(kTampered) when it is no sealed text at all.
KeyId key_of(std::string_view sealed);

}  // namespace metakocka::vault
