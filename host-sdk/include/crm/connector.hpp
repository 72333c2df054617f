// What a connector is, in C++. Module authors derive from it; hosts get one back from load_connector.
#pragma once

#include <string>
#include <string_view>

#include "crm/error.hpp"
#include "crm/scheduler.hpp"

namespace crm {

// One HTTP request for the connector. `head` is the JSON object abi.h describes at handle_http.
// Both views are valid during the call only.
struct HttpRequest {
    std::string_view head;
    std::string_view body;
};

// Where the answer goes: begin once, then any number of writes.
class IHttpResponse {
  public:
    virtual ~IHttpResponse() = default;
    // `head` is {"status": 200, "headers": {...}} as JSON.
    virtual void begin(std::string_view head) = 0;
    // Throws crm::Error(CRM_CANCELLED) when the client has gone.
    virtual void write(std::string_view piece) = 0;
};

class IConnector {
  public:
    virtual ~IConnector() = default;

    // [any-thread] What the connector offers, as the JSON abi.h describes at describe.
    virtual std::string describe() = 0;
    // [any-thread] The connector's own; lives as long as the connector.
    virtual IScheduler& scheduler() = 0;
    // [any-thread] Answers a request, also while run_due goes on.
    virtual void handle_http(const HttpRequest& request, IHttpResponse& response) = 0;
    // [any-thread] {"state": "ok"|"attention"|"off", "text"} as JSON.
    virtual std::string status() = 0;
    // [any-thread] Starts no new work. True when nothing runs any more within `deadline` microseconds.
    virtual bool stop(Duration deadline) = 0;
};

}  // namespace crm
