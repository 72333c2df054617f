// Reading one JSON object of the ERP, whose values come in many spellings (metakocka-api.md §3). Numbers are
// texts already (JsonText).
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "model/record.hpp"

namespace metakocka::api {

// A value that can't be what its field says. Names the field; the row is put aside, the page goes on.
class RowProblem : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

// Absent, null and "" are null. These throw RowProblem for nonsense.
Value text(const boost::json::object& object, std::string_view name);
Value flag(const boost::json::object& object, std::string_view name);    // "true" or "false"
Value number(const boost::json::object& object, std::string_view name);  // canonical decimal
Value date(const boost::json::object& object, std::string_view name);    // YYYY-MM-DD
const boost::json::object* child(const boost::json::object& object, std::string_view name);  // or nullptr

inline bool is_true(const Value& value) {
    return value && *value == "true";
}

// For envelopes: a string or boolean, null for anything else.
Value scalar_or_null(const boost::json::object& object, std::string_view name);

// "abc" for a message: bounded, so that a whole description never gets into one.
std::string quoted(std::string_view value);

// The value of a list: an array, one bare element, or nothing (absent, null, "").
class ListView {
  public:
    // Throws RowProblem when `name` holds a text.
    ListView(const boost::json::object& object, std::string_view name);

    const boost::json::value* begin() const noexcept { return first_; }
    const boost::json::value* end() const noexcept { return first_ + size_; }
    std::size_t size() const noexcept { return size_; }

  private:
    const boost::json::value* first_ = nullptr;
    std::size_t size_ = 0;
};

}  // namespace metakocka::api
