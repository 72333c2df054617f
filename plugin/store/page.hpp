// How lists are handed out.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace metakocka::store {

// One page of a list. `next` is passed on to get the following page; nothing when this was the last.
template <class Item>
struct Page {
    std::vector<Item> items;
    std::optional<std::string> next;
};

}  // namespace metakocka::store
