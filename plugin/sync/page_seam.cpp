#include "sync/page_seam.hpp"

#include <algorithm>

namespace metakocka::sync {

std::size_t PageSeam::take(const std::vector<std::string_view>& ids) {
    const auto met = last_id_.empty() ? ids.end() : std::find(ids.begin(), ids.end(), last_id_);
    const bool bridged = last_id_.empty() || met != ids.end();
    if (!bridged && tries_ < kMaxTries && offset_ > 0) {
        go_back();
        return ids.size();
    }
    if (!bridged) proven_ = false;  // the list moves faster than it can be read; the next run looks again
    tries_ = 0;
    const std::size_t first_new =
        met == ids.end() ? 0 : static_cast<std::size_t>(std::distance(ids.begin(), met)) + 1;
    if (ids.size() < limit_) {
        over_ = true;
        return first_new;
    }
    last_id_ = std::string(ids.back());
    offset_ += limit_ > 1 ? ids.size() - 1 : ids.size();
    return first_new;
}

void PageSeam::go_back() {
    // Twice as far at each try: a few deleted rows are bridged by the first, a bulk deletion by the last.
    const std::uint64_t step = std::max<std::uint64_t>(1, limit_ / 8U) << tries_;
    offset_ -= std::min(offset_, step);
    ++tries_;
}

}  // namespace metakocka::sync
