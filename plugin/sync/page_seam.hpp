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
    // `checkpoint` of an earlier reading of the same list, or "". An unreadable one costs time, never data.
    explicit PageSeam(std::uint32_t limit, std::string_view checkpoint = {});

    // Where to read next.
    std::uint64_t offset() const { return offset_; }
    std::uint32_t limit() const { return limit_; }
    std::string checkpoint() const;
    // Id of the last row that was read; "" before the first.
    const std::string& last_id() const { return last_id_; }

    // Takes the ids of the page read at offset(), in its order. Answers the index of the first row that comes
    // after all that was read before; ids.size() when there is none.
    std::size_t take(const std::vector<std::string_view>& ids);

    // Nothing more to read.
    bool over() const { return over_; }
    // Every page met the one before it: no row that stood still can have been skipped since the start.
    bool bridged() const { return bridged_; }
    // It began in the middle, so it does not know what came before.
    bool resumed() const { return resumed_; }

  private:
    void go_back();

    static constexpr int kMaxTries = 6;

    std::uint32_t limit_;
    std::uint64_t offset_ = 0;
    std::string last_id_;
    int tries_ = 0;
    bool over_ = false;
    bool bridged_ = true;
    bool resumed_ = false;
};

}  // namespace metakocka::sync
