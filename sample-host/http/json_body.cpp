#include "http/json_body.hpp"

#include <boost/json/parse.hpp>

#include "http/problem.hpp"

namespace crm::sample {

JsonBody::JsonBody(std::string_view text) {
    boost::json::error_code error;
    value_ = boost::json::parse(text, error);
    if (error) throw Problem(400, "the body is not JSON", {{"", error.message()}});
    if (!value_.is_object()) throw Problem(400, "the body must be an object", {{"", "must be an object"}});
}

}  // namespace crm::sample
