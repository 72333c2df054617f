#include "http/problem.hpp"

#include <Poco/Net/HTTPResponse.h>

#include "util/json_text.hpp"

namespace crm::sample {

std::string Problem::json() const {
    const std::string& title = Poco::Net::HTTPResponse::getReasonForStatus(
        static_cast<Poco::Net::HTTPResponse::HTTPStatus>(status_));
    std::string out = "{\"type\":\"about:blank\",\"title\":" + json_string(title) +
                      ",\"status\":" + std::to_string(status_) + ",\"detail\":" + json_string(detail_);
    if (!errors_.empty()) {
        out += ",\"errors\":[";
        for (const InputError& error : errors_) {
            if (out.back() != '[') out.push_back(',');
            out +=
                "{\"path\":" + json_string(error.path) + ",\"message\":" + json_string(error.message) + "}";
        }
        out += "]";
    }
    return out + "}";
}

}  // namespace crm::sample
