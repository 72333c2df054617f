// A conflict as people see it, and their decision as the engine needs it.
#pragma once

#include <string>
#include <vector>

#include <boost/json.hpp>

#include "model/settings.hpp"
#include "routes/router.hpp"
#include "sync/conflict.hpp"

namespace metakocka::routes {

// "contacts.17": the kind and the CRM's id.
std::string conflict_id(const sync::Conflict& conflict);

// `settings`: what their policies would do is part of the answer.
boost::json::object to_json(const sync::Conflict& conflict, const Settings& settings);

// The body of POST /conflicts/{id}: {"resolution": "metakocka" | "crm" | {"<field>": "metakocka" | "crm"}}.
// Throws Problem(400) with every path that is wrong for this conflict.
sync::Resolution read_resolution(const boost::json::value& body, const sync::Conflict& conflict);

}  // namespace metakocka::routes
