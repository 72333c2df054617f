// Positions in lists, as people's programs hand them back.
#pragma once

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include "store/error.hpp"
#include "store/page.hpp"

namespace metakocka::store {

// "" is where the list begins. Throws StoreError(kInput).
inline std::int64_t parse_position(std::string_view text, std::int64_t begin) {
    if (text.empty()) return begin;
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) {
        throw StoreError(StoreProblem::kInput, "this is no position in the list");
    }
    return number;
}

inline constexpr std::int64_t kNewest = std::numeric_limits<std::int64_t>::max();

// One row more than asked for tells whether there is a next page.
inline std::int64_t with_one_more(std::size_t limit) {
    constexpr std::size_t kMost = std::numeric_limits<std::int32_t>::max();
    return static_cast<std::int64_t>(limit < kMost ? limit : kMost) + 1;
}

// Drops that row again; `position_of(last item)` becomes the cursor.
template <class Item, class PositionOf>
void end_page(Page<Item>& page, std::size_t limit, PositionOf position_of) {
    if (page.items.size() <= limit) return;
    page.items.resize(limit);
    if (limit > 0) page.next = position_of(page.items.back());
}

}  // namespace metakocka::store
