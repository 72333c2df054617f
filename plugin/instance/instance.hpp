// One company's connection: everything between the host and the ERP, put together.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "crm/connector.hpp"
#include "crm/host.hpp"
#include "crm/scheduler.hpp"

namespace metakocka {

class Instance {
  public:
    // Opens the module's database in the host's folder and takes up what was going on. `panel` is the script
    // served as /panel.js. Throws crm::Error with a text for people; then nothing was damaged.
    Instance(crm::IHost& host, std::string_view panel);
    ~Instance();
    Instance(const Instance&) = delete;
    Instance& operator=(const Instance&) = delete;

    std::string describe() const;
    crm::IScheduler& scheduler();
    void handle_http(const crm::HttpRequest& request, crm::IHttpResponse& response);
    std::string status();
    bool stop(crm::Duration deadline);

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace metakocka
