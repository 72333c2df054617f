// A request's body that must be a JSON object.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <string_view>

namespace crm::sample {

class JsonBody {
  public:
    // Throws Problem(400).
    explicit JsonBody(std::string_view text);
    const boost::json::object& object() const { return value_.get_object(); }

  private:
    boost::json::value value_;
};

}  // namespace crm::sample
