// The two primitives that judging a module needs, over libgcrypt: SHA-256 and Ed25519 (RFC 8032).
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace crm::detail {

using Ed25519Key = std::array<std::byte, 32>;  // a public key, or the seed of a private one
using Ed25519Signature = std::array<std::byte, 64>;

// 64 lower-case hex digits.
std::string sha256_hex(std::span<const std::byte> data);

// A key that nobody has made: under some anybody can sign, at others libgcrypt 1.10 aborts the process.
bool is_weak_ed25519(Ed25519Key key);

// Whatever the key and the signature. Under a weak key nothing is valid.
bool verify_ed25519(const Ed25519Key& key, const Ed25519Signature& signature, std::string_view message);

// For publishers' tools. Throws crm::Error(CRM_INTERNAL).
Ed25519Key new_ed25519_seed();
Ed25519Key ed25519_public_key(const Ed25519Key& seed);
Ed25519Signature sign_ed25519(const Ed25519Key& seed, std::string_view message);

}  // namespace crm::detail
