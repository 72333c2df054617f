#include "store/pack.hpp"

#include <cstdint>
#include <limits>

#include "store/error.hpp"

namespace metakocka::store {

namespace {

// Each text follows its length in four bytes, low byte first; this length means null.
constexpr std::uint32_t kNull = std::numeric_limits<std::uint32_t>::max();
constexpr std::size_t kLengthBytes = 4;

std::uint32_t read_length(std::string_view packed) {
    std::uint32_t length = 0;
    for (std::size_t i = 0; i < kLengthBytes; ++i) {
        length |= static_cast<std::uint32_t>(static_cast<unsigned char>(packed[i])) << (8U * i);
    }
    return length;
}

}  // namespace

std::string pack(std::initializer_list<PackPart> parts) {
    std::size_t size = 0;
    for (const PackPart& part : parts) size += kLengthBytes + (part ? part->size() : 0);
    std::string packed;
    packed.reserve(size);
    for (const PackPart& part : parts) {
        if (part && part->size() >= kNull) throw StoreError(StoreProblem::kInput, "a text is too long");
        const std::uint32_t length = part ? static_cast<std::uint32_t>(part->size()) : kNull;
        for (std::size_t i = 0; i < kLengthBytes; ++i) {
            packed.push_back(static_cast<char>((length >> (8U * i)) & 0xFFU));
        }
        if (part) packed.append(*part);
    }
    return packed;
}

std::vector<std::optional<std::string>> unpack(std::string_view packed, std::size_t count) {
    std::vector<std::optional<std::string>> texts(count);
    for (std::size_t i = 0; i < count && !packed.empty(); ++i) {
        if (packed.size() < kLengthBytes) throw StoreError(StoreProblem::kInput, "a stored text is cut");
        const std::uint32_t length = read_length(packed);
        packed.remove_prefix(kLengthBytes);
        if (length == kNull) continue;
        if (packed.size() < length) throw StoreError(StoreProblem::kInput, "a stored text is cut");
        texts[i].emplace(packed.substr(0, length));
        packed.remove_prefix(length);
    }
    return texts;
}

}  // namespace metakocka::store
