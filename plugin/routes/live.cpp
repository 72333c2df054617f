#include "routes/live.hpp"

#include "routes/rendering.hpp"

namespace metakocka::routes {

namespace json = boost::json;

void Live::get(const Request& request, Reply& reply) {
    const auto kind = parse_kind(request.parameters.at("kind"));
    if (!kind) {
        throw Problem{404, "Not Found", "The kinds are contacts, products, invoices and inventory.", {}, {}};
    }
    if (!services_.scheduler.settings().real_time_enabled) {
        throw Problem{409,
                      "Conflict",
                      "Real-time fetching is switched off. Switch it on in the settings of the connector "
                      "(realTimeEnabled).",
                      {},
                      {}};
    }
    const auto found = services_.live(*kind, request.parameters.at("crmId"));
    if (!found) {
        throw Problem{
            404,
            "Not Found",
            "No record of " + std::string(to_text(*kind)) + " with this id is linked with Metakocka.",
            {},
            {}};
    }
    reply.json(200, json::object{{"kind", to_text(*kind)},
                                 {"id", found->crm_id},
                                 {"externalId", found->erp_id},
                                 {"stale", found->stale},
                                 {"reason", text_or_null(found->reason)},
                                 {"applied", found->applied},
                                 {"readAt", to_json_time(found->read_at)},
                                 {"record", to_fields(found->record)}});
}

}  // namespace metakocka::routes
