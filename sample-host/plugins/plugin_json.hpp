// A plugin as the API shows it.
#pragma once

#include <string>
#include <vector>

#include "crm/publisher.hpp"
#include "plugins/plugin_manager.hpp"

namespace crm::sample {

// {id, name, version, description, publisher, signedBy, enabled, state, reason, quarantine, status, pages}
std::string plugin_json(const PluginEntry& entry, const std::vector<Publisher>& publishers);

}  // namespace crm::sample
