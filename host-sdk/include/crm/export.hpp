// Module side: turns a connector class into a module.
//
//     class MyConnector : public crm::IConnector {
//       public:
//         explicit MyConnector(crm::IHost& host);   // host outlives the connector
//         ...
//     };
//     CRM_CONNECTOR(MyConnector)
//
// Once per module, at global scope, in a target made with crm_add_connector (host-sdk/cmake/CrmModule.cmake),
// which sees to it that the one symbol defined here is the only one exported.
#pragma once

#include "crm/connector.hpp"
#include "crm/detail/module_thunks.hpp"
#include "crm/entry.h"
#include "crm/host.hpp"

#define CRM_CONNECTOR(Connector)                                \
    extern "C" const crm_entry* crm_module_entry() noexcept {   \
        return &::crm::detail::ModuleTables<Connector>::kEntry; \
    }
