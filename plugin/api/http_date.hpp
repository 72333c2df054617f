// The Retry-After header.
#pragma once

#include <string>

namespace metakocka::api {

// "120" or an HTTP date; 0 for anything else or the past, at most a day.
int retry_after_seconds(const std::string& header);

}  // namespace metakocka::api
