// What an instance says of itself.
#include <algorithm>

#include "catalogue.hpp"
#include "hostile.hpp"
#include "session.hpp"

namespace crm::validator {
namespace {

namespace json = boost::json;

void describe_valid(Subject& subject) {
    ProbeHost host(subject.new_folder("a"));
    const Session session(subject, host);
    const Outcome described = session.describe();
    demand(described.code == CRM_OK, "CRM_OK", name_of(described.code) + " " + excerpt(described.error));
    demand(is_utf8(described.text) && is_json(described.text), "JSON in UTF-8", excerpt(described.text));
    const json::value value = json::parse(described.text);
    demand(value.is_object() && value.get_object().contains("id") && value.get_object().at("id").is_string(),
           "an object with an id", excerpt(described.text));
}
void describe_id(Subject& subject) {
    ProbeHost host(subject.new_folder("a"));
    const Session session(subject, host);
    const json::object described = session.described();
    const json::value* id = described.if_contains("id");
    const std::string found = id != nullptr && id->is_string() ? json::value_to<std::string>(*id) : "none";
    demand(found == subject.manifest().id, subject.manifest().id, found);
}
void describe_routes(Subject& subject) {
    ProbeHost host(subject.new_folder("a"));
    const Session session(subject, host);
    const json::value user = session.user_with_all();
    const json::array& known = user.at("permissions").as_array();
    for (const Route& route : session.routes()) {
        demand(!route.method.empty() && route.path.starts_with('/'), "a method and a path with / in front",
               excerpt(route.method + " " + route.path));
        if (!route.permission) continue;
        demand(std::find(known.begin(), known.end(), json::value(*route.permission)) != known.end(),
               "a permission that describe names", *route.permission);
    }
}
void describe_stable(Subject& subject) {
    ProbeHost host(subject.new_folder("a"));
    const Session session(subject, host);
    demand(session.describe().text == session.describe().text, "the same text at each call", "another one");
}
void status_valid(Subject& subject) {
    ProbeHost host(subject.new_folder("a"));
    const Session session(subject, host);
    const Outcome status = session.status();
    json::error_code failed;
    const json::value value = json::parse(status.text, failed);
    demand(!failed && value.is_object() && value.get_object().contains("state"), "{\"state\", \"text\"}",
           excerpt(status.text));
    const json::value& state = value.get_object().at("state");
    demand(state == "ok" || state == "attention" || state == "off", "ok, attention or off",
           json::serialize(state));
}

const Check kDescribe[] = {
    {"describe.valid", "describe answers a JSON object with an id.", "The host mounts what it says.",
     "abi.h, describe", "Serialise with a JSON library.", describe_valid},
    {"describe.id", "The id is the manifest's.", "Routes and folders are named after it.", "manifest.hpp, id",
     "Use one id in both.", describe_id},
    {"describe.routes", "Routes have a method, a path and a known permission.",
     "The host checks that permission.", "abi.h, describe", "Name each permission under permissions.",
     describe_routes},
    {"describe.stable", "describe answers the same each time.", "Hosts may ask again.", "abi.h, describe",
     "Describe what is offered, not the state.", describe_stable},
    {"status.valid", "status answers a state and a text.", "The host shows it.", "abi.h, status",
     "Answer ok, attention or off.", status_valid}};

}  // namespace

Checks describe_checks() {
    return kDescribe;
}

}  // namespace crm::validator
