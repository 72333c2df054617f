// "Test connection": one cheap call, and what its outcome means for the person who typed the key.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "api/company.hpp"
#include "api/connection.hpp"
#include "api/waiter.hpp"

namespace metakocka::api {

struct ConnectionTest {
    bool ok = false;
    std::int64_t latency_ms = 0;
    std::string reason;  // design.md §7: invalid_credentials|ip_not_allowed|unreachable|tls|quota|not_the_api
    std::string message;
};

// Never throws for anything the ERP or the network does. May run beside a gateway of the same company.
ConnectionTest test_connection(const Connection& connection, const std::shared_ptr<Company>& company,
                               Waiter& waiter);

}  // namespace metakocka::api
