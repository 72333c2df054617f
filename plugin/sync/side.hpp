// The two sides of a sync.
#pragma once

namespace metakocka::sync {

// The numbers are stored; never renumber.
enum class Side { kErp = 0, kCrm = 1 };

constexpr Side other(Side side) {
    return side == Side::kErp ? Side::kCrm : Side::kErp;
}

}  // namespace metakocka::sync
