#pragma once

#include <map>
#include <string>
#include <string_view>

#include "erp.hpp"

namespace metakocka::sim {

struct AdminRequest {
    std::string method;
    std::string path;  // below /admin/
    std::map<std::string, std::string> query;
    std::string body;
};

// The test tool's own interface. Plain HTTP status codes and JSON, no key: it listens on loopback only.
Reply admin(Erp& erp, const AdminRequest& request);

}  // namespace metakocka::sim
