// The module's one exported symbol.
#include "crm/export.hpp"
#include "instance/instance.hpp"
#include "panel/panel_bundle.hpp"

namespace {

class MetakockaConnector final : public crm::IConnector {
  public:
    explicit MetakockaConnector(crm::IHost& host) : instance_(host, metakocka::panel::script()) {}

    std::string describe() override { return instance_.describe(); }
    crm::IScheduler& scheduler() override { return instance_.scheduler(); }
    void handle_http(const crm::HttpRequest& request, crm::IHttpResponse& response) override {
        instance_.handle_http(request, response);
    }
    std::string status() override { return instance_.status(); }
    bool stop(crm::Duration deadline) override { return instance_.stop(deadline); }

  private:
    metakocka::Instance instance_;
};

}  // namespace

CRM_CONNECTOR(MetakockaConnector)
