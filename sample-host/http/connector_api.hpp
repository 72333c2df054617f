// Everything below /api/integrations/<id>: handed to the connector after its route's permission was checked.
#pragma once

#include "http/router.hpp"
#include "plugins/plugin_manager.hpp"

namespace crm::sample {

class ConnectorApi {
  public:
    explicit ConnectorApi(PluginManager& plugins) : plugins_(plugins) {}
    void mount(Router& router);

  private:
    void forward(Exchange& exchange);

    PluginManager& plugins_;
};

}  // namespace crm::sample
