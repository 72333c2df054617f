// JSON in which every number stays the text it was: money never becomes a double, and an id of twenty digits
// never loses one. Strings and numbers look the same then, which is what the ERP means by them
// (metakocka-api.md §3).
#pragma once

#include <memory>
#include <string_view>

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

namespace metakocka::api {

// A parsed answer with the memory it lives in.
class JsonText {
  public:
    // Throws std::invalid_argument when `text` is not one whole JSON value.
    explicit JsonText(std::string_view text);

    const boost::json::value& root() const noexcept { return *root_; }

  private:
    std::unique_ptr<boost::json::monotonic_resource> memory_;
    // Never destroyed by itself: all of it lies in `memory_`, which goes at once.
    const boost::json::value* root_ = nullptr;
};

}  // namespace metakocka::api
