// /api/plugins and /api/notices.
#pragma once

#include "http/router.hpp"
#include "plugins/plugin_manager.hpp"
#include "plugins/plugin_store.hpp"

namespace crm::sample {

class PluginsApi {
  public:
    PluginsApi(PluginManager& plugins, PluginStore& store) : plugins_(plugins), store_(store) {}
    void mount(Router& router);

  private:
    void set_enabled(Exchange& exchange, bool enabled);
    void release(Exchange& exchange);

    PluginManager& plugins_;
    PluginStore& store_;
};

}  // namespace crm::sample
