// JSON that every reader understands alike: what is judged on one side is what is signed and read on the
// other.
#pragma once

#include <boost/json/value.hpp>
#include <string_view>

namespace crm::detail {

// UTF-8 without a byte-order mark, no member twice in an object, no long or infinite numbers, at most 16
// levels. Throws crm::Error(CRM_INVALID).
boost::json::value parse_strict(std::string_view text);

}  // namespace crm::detail
