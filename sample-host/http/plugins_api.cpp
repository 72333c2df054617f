#include "http/plugins_api.hpp"

#include "http/problem.hpp"

namespace crm::sample {

void PluginsApi::mount(Router& router) {
    constexpr Access kView{permission::kIntegrationsView};
    constexpr Access kManage{permission::kPluginsManage};
    router.add("GET", "/api/plugins", kView,
               [this](Exchange& exchange) { exchange.send_json(200, plugins_.list()); });
    router.add("POST", "/api/plugins/{id}/enable", kManage,
               [this](Exchange& exchange) { set_enabled(exchange, true); });
    router.add("POST", "/api/plugins/{id}/disable", kManage,
               [this](Exchange& exchange) { set_enabled(exchange, false); });
    router.add("POST", "/api/plugins/{id}/release", kManage,
               [this](Exchange& exchange) { release(exchange); });
    router.add("GET", "/api/notices", kView,
               [this](Exchange& exchange) { exchange.send_json(200, store_.notices()); });
}

void PluginsApi::set_enabled(Exchange& exchange, bool enabled) {
    const std::string& id = exchange.parameter(0);
    if (!plugins_.set_enabled(id, enabled)) throw Problem(404, "there is no plugin '" + id + "'");
    exchange.send_json(200, plugins_.describe(id).value_or("{}"));
}

void PluginsApi::release(Exchange& exchange) {
    const std::string& id = exchange.parameter(0);
    if (!plugins_.release(id)) throw Problem(404, "there is no plugin '" + id + "'");
    exchange.send_json(200, plugins_.describe(id).value_or("{}"));
}

}  // namespace crm::sample
