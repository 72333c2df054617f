// A connector at work: its instance, the thread that runs what is due, and the requests inside it.
#pragma once

#include <atomic>
#include <boost/json/object.hpp>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "crm/loader.hpp"
#include "plugins/host_services.hpp"
#include "plugins/quarantine.hpp"

namespace crm::sample {

struct ConnectorRoute {
    std::string method;
    std::vector<std::string> segments;  // "{name}" stands for any one
    std::string permission;             // empty: anybody, the connector checks for itself
};

class RunningConnector : public std::enable_shared_from_this<RunningConnector> {
  public:
    // Makes the instance and asks what it offers; tells `entering` before each of the two. Throws crm::Error.
    RunningConnector(const HostParts& parts, std::shared_ptr<Module> module,
                     const std::function<void(const char* phase)>& entering);

    // Starts the thread. It keeps this object alive until it ends. When the first slice of work takes the
    // host down, `quarantine` knows.
    void start(Quarantine quarantine);
    // Ends the work. False when it did not end in time; then it is left behind, still mapped.
    bool stop(std::chrono::milliseconds deadline);

    const boost::json::object& description() const { return description_; }
    const std::vector<ConnectorRoute>& routes() const { return routes_; }
    bool stopping() const { return stopping_; }

    // Throws crm::Error(CRM_TRANSIENT) when it is stopping or too many requests are inside.
    void handle_http(const HttpRequest& request, IHttpResponse& response);
    std::string status();

  private:
    class Visit;

    void work(const Quarantine& quarantine);
    std::chrono::microseconds run_first(const Quarantine& quarantine, int& failures);
    std::chrono::microseconds run_once(int& failures);
    void read_routes();

    Logger& logger_;
    std::shared_ptr<Module> module_;
    HostServices services_;
    std::unique_ptr<IConnector> connector_;
    boost::json::object description_;
    std::vector<ConnectorRoute> routes_;

    std::atomic<bool> stopping_ = false;
    std::mutex mutex_;
    std::condition_variable changed_;
    int visits_ = 0;
    bool working_ = false;
    std::thread thread_;
};

}  // namespace crm::sample
