// Random values, digests and comparisons that do not tell by their time what they saw.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace crm::sample {

// Must run once before anything else of this file. Throws std::runtime_error when libsodium refuses.
void init_crypto();

std::string random_bytes(std::size_t count);
// 2 * `count` lower-case hex digits.
std::string random_hex(std::size_t count);
std::string sha256_hex(std::string_view text);
bool equal_secret(std::string_view a, std::string_view b);

}  // namespace crm::sample
