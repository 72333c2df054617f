// Base64 (RFC 4648, with padding), for keys and signatures.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace crm::detail {

std::string base64_encode(std::span<const std::byte> data);
// Nothing when a character, the length or the padding is wrong.
std::optional<std::vector<std::byte>> base64_decode(std::string_view text);

// Exactly `Size` bytes, or nothing.
template <std::size_t Size>
std::optional<std::array<std::byte, Size>> base64_array(std::string_view text) {
    const auto decoded = base64_decode(text);
    if (!decoded || decoded->size() != Size) return std::nullopt;
    std::array<std::byte, Size> out{};
    for (std::size_t i = 0; i < Size; ++i) out[i] = (*decoded)[i];
    return out;
}

}  // namespace crm::detail
