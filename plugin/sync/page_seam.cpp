#include "sync/page_seam.hpp"

#include <algorithm>
#include <charconv>

namespace metakocka::sync {

PageSeam::PageSeam(std::uint32_t limit, std::string_view checkpoint) : limit_(limit) {
    const auto slash = checkpoint.find('/');
    if (slash == std::string_view::npos) return;
    const auto [end, error] = std::from_chars(checkpoint.data(), checkpoint.data() + slash, offset_);
    if (error != std::errc{} || end != checkpoint.data() + slash || offset_ == 0) {
        offset_ = 0;
        return;
    }
    last_id_ = std::string(checkpoint.substr(slash + 1));
    resumed_ = true;
}

std::string PageSeam::checkpoint() const {
    return offset_ == 0 ? std::string() : std::to_string(offset_) + '/' + last_id_;
}

std::size_t PageSeam::take(const std::vector<std::string_view>& ids) {
    const auto met = last_id_.empty() ? ids.end() : std::find(ids.begin(), ids.end(), last_id_);
    const bool bridged = last_id_.empty() || met != ids.end();
    if (!bridged && tries_ < kMaxTries && offset_ > 0) {
        go_back();
        return ids.size();
    }
    if (!bridged) bridged_ = false;  // the list moves faster than it can be read; the next run looks again
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
