// Keys and hashes made from a key.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "vault/secret.hpp"

namespace metakocka::vault {

using Hash = std::array<std::uint8_t, 32>;

// HKDF-SHA256: another purpose gives an unrelated key.
void derive_key(std::span<const std::uint8_t> key, std::string_view purpose, SecretKey& result);

// HMAC-SHA256 over purpose and text.
Hash keyed_hash(std::span<const std::uint8_t> key, std::string_view purpose, std::string_view text);

void fill_random(std::span<std::uint8_t> bytes);

}  // namespace metakocka::vault
