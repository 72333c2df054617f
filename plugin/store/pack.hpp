// Several nullable texts as one, for sealing together.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace metakocka::store {

using PackPart = std::optional<std::string_view>;

std::string pack(std::initializer_list<PackPart> parts);

// `count` texts; those that were not packed (by an older version) are null. Throws StoreError(kInput).
std::vector<std::optional<std::string>> unpack(std::string_view packed, std::size_t count);

}  // namespace metakocka::store
