// Host side: a module's table and one instance of it as a crm::IConnector.
#pragma once

#include <memory>
#include <string>

#include "crm/abi.h"
#include "crm/connector.hpp"
#include "crm/host.hpp"

namespace crm::detail {

// True when the table holds every function of crm.connector/1 as of API 1.0.
bool is_whole(const crm_connector* table) noexcept;

// Makes an instance; throws crm::Error with the module's reason. `table` must be whole and stay mapped.
std::unique_ptr<IConnector> make_connector(const crm_connector& table, IHost& host);

}  // namespace crm::detail
