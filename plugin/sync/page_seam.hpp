// Reads a list by offset while it may move under the reader (design.md §5, rule 5): pages overlap by one row,
// and when the last row of one page is not met in the next, the reader goes back until it is.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace metakocka::sync {

class PageSeam {
  public:
    explicit PageSeam(std::uint32_t limit, std::uint64_t start = 0) : limit_(limit), offset_(start) {
        // A scan that starts in the middle has not seen what came before.
        proven_ = start == 0;
    }

    // Where to read next.
    std::uint64_t offset() const { return offset_; }
    std::uint32_t limit() const { return limit_; }

    // Takes the ids of the page read at offset(), in its order. Answers the index of the first row that comes
    // after all that was read before; ids.size() when there is none.
    std::size_t take(const std::vector<std::string_view>& ids);

    // Nothing more to read.
    bool over() const { return over_; }
    // Every page met the one before it: no row that stood still can have been skipped.
    bool proven() const { return proven_; }

  private:
    void go_back();

    static constexpr int kMaxTries = 6;

    std::uint32_t limit_;
    std::uint64_t offset_;
    std::string last_id_;
    int tries_ = 0;
    bool over_ = false;
    bool proven_ = true;
};

}  // namespace metakocka::sync
