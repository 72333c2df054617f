// How many records one run may deactivate before it stops and asks.
#pragma once

#include <algorithm>
#include <cstdint>

namespace metakocka::sync {

struct DeleteGuard {
    std::uint32_t max_percent = 10;
    std::uint32_t max_records = 50;

    // Whichever limit is reached first; the percentage never forbids a single record, or a small company
    // could not delete anything.
    std::uint64_t limit(std::uint64_t active) const {
        const std::uint64_t by_percent = std::max<std::uint64_t>(1, active * max_percent / 100);
        return std::min<std::uint64_t>(by_percent, max_records);
    }
};

}  // namespace metakocka::sync
