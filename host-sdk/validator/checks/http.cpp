// Requests, well-meant and hostile.
#include <boost/algorithm/string/predicate.hpp>

#include "catalogue.hpp"
#include "guarded_text.hpp"
#include "hostile.hpp"
#include "session.hpp"

namespace crm::validator {
namespace {

namespace json = boost::json;

// What any answer must be.
void sound(const HttpOutcome& answer, const std::string& what) {
    if (answer.code != CRM_OK) {
        demand(!answer.error.empty(), "an error text for " + what, "none with " + name_of(answer.code));
        return;
    }
    demand(answer.heads == 1, "one head for " + what, std::to_string(answer.heads));
    demand(!answer.body_before_head, "the head before the body for " + what, "the body first");
    demand(answer.status() != 0, "a head with a status from 100 to 599 for " + what, excerpt(answer.head));
}

template <class Judge>
void for_routes(Subject& subject, Judge judge) {
    ProbeHost host(subject.new_folder("a"));
    const Session session(subject, host);
    for (const Route& route : session.routes()) judge(session, route, route.method + " " + route.path);
}

void heads(Subject& subject) {
    for_routes(subject, [](const Session& session, const Route& route, const std::string& what) {
        sound(session.http(route.method, route.filled(), ""), what);
    });
}
void no_user(Subject& subject) {
    for_routes(subject, [](const Session& session, const Route& route, const std::string& what) {
        if (!route.permission) return;
        const auto answer = session.http(request_json(route.method, route.filled(), nullptr), "{}");
        demand(answer.status() == 401 || answer.status() == 403, "401 or 403 for nobody's " + what,
               answer.shown());
    });
}
void no_permission(Subject& subject) {
    for_routes(subject, [](const Session& session, const Route& route, const std::string& what) {
        if (!route.permission) return;
        const json::value user{{"name", "x"}, {"permissions", json::array{"something.else"}}};
        const auto answer = session.http(request_json(route.method, route.filled(), user), "{}");
        demand(answer.status() == 401 || answer.status() == 403, "403 without the permission for " + what,
               answer.shown());
    });
}
void unknown_path(Subject& subject) {
    ProbeHost host(subject.new_folder("a"));
    const Session session(subject, host);
    for (const std::string& path :
         {std::string("/there/is/nothing"), std::string(), std::string("/../../etc/passwd"),
          std::string("/%2e%2e/%00"), std::string(1, '\0'), std::string(1'000'000, '/'),
          "/" + std::string(1'000'000, 'x')}) {
        const auto answer = session.http("GET", path, "");
        sound(answer, "an unknown path");
        demand(!answer.good(), "no success for an unknown path", answer.shown() + " for " + excerpt(path));
    }
}
void unknown_method(Subject& subject) {
    for_routes(subject, [](const Session& session, const Route& route, const std::string& what) {
        const auto answer = session.http("BREW", route.filled(), "");
        sound(answer, "BREW on " + what);
        demand(!answer.good(), "no success for the method BREW", answer.shown());
    });
}
void broken_requests(Subject& subject) {
    ProbeHost host(subject.new_folder("a"));
    const Session session(subject, host);
    for (const Named& text : broken_json()) {
        const auto answer = session.http(text.text, "");
        sound(answer, "a request that is " + text.name);
        demand(!answer.good(), "no success for a request that is " + text.name, answer.shown());
    }
    for (const Named& text : strange_json())
        sound(session.http(text.text, ""), "a request that is " + text.name);
}
void broken_bodies(Subject& subject) {
    for_routes(subject, [](const Session& session, const Route& route, const std::string& what) {
        if (route.method == "GET") return;  // its body means nothing
        for (const auto* list : {&broken_json(), &strange_json()}) {
            for (const Named& body : *list) {
                const auto answer = session.http(route.method, route.filled(), body.text);
                sound(answer, what + " with " + body.name);
                demand(answer.status() < 500, "no 5xx for " + what + " with " + body.name, answer.shown());
            }
        }
    });
}
void bounded(Subject& subject) {
    for_routes(subject, [](const Session& session, const Route& route, const std::string& what) {
        const GuardedText request(request_json(route.method, route.filled(), session.user_with_all()));
        const GuardedText body(R"({"a":1)");
        sound(session.http({request.data(), request.size()}, {body.data(), body.size()}), what);
    });
}
void fuzz(Subject& subject) {
    Mutator mutator(subject.seed());
    for_routes(subject, [&](const Session& session, const Route& route, const std::string& what) {
        const std::string request = request_json(route.method, route.filled(), session.user_with_all());
        for (int i = 0; i < 100; ++i)
            sound(session.http(mutator.mutate(request), mutator.mutate("{\"a\":[1,\"b\"]}")), what);
    });
}
void refused(Subject& subject) {
    for_routes(subject, [](const Session& session, const Route& route, const std::string& what) {
        const std::string request = request_json(route.method, route.filled(), session.user_with_all());
        CountingSink head(1, CRM_CANCELLED), body, error;
        const InsideCall inside;
        const crm_result code = session.table().handle_http(
            session.instance(), request.data(), request.size(), "", 0, head.get(), body.get(), error.get());
        if (head.writes() == 0 && code != CRM_OK) return;  // it refused the request before it had a head
        demand(code == CRM_CANCELLED && head.writes_after_refusal() == 0 && body.writes() == 0,
               "CRM_CANCELLED and no more writes once the head of " + what + " is refused", name_of(code));
    });
}

// RFC 9457, for whatever answer is an error.
void problem(const HttpOutcome& answer, const std::string& what) {
    if (answer.code != CRM_OK || answer.status() < 400) return;
    const std::string shown = answer.shown() + " with " + excerpt(answer.head) + " " + excerpt(answer.body);
    const json::value head = json::parse(answer.head);
    const json::value* headers = head.get_object().if_contains("headers");
    bool typed = false;
    if (headers != nullptr && headers->is_object()) {
        for (const auto& [name, value] : headers->get_object()) {
            typed = typed || (boost::iequals(name, "content-type") && value.is_string() &&
                              value.get_string().starts_with("application/problem+json"));
        }
    }
    demand(typed, "the content type application/problem+json for " + what, shown);
    json::error_code failed;
    const json::value body = json::parse(answer.body, failed);
    demand(!failed && body.is_object(), "a JSON object that tells the error of " + what, shown);
    for (const char* name : {"type", "title", "detail"}) {
        const json::value* text = body.get_object().if_contains(name);
        demand(text != nullptr && text->is_string(), std::string("the text \"") + name + "\" for " + what,
               shown);
    }
    const json::value* status = body.get_object().if_contains("status");
    demand(status != nullptr && *status == answer.status(), "the head's status in the body for " + what,
           shown);
}
void problems(Subject& subject) {
    for_routes(subject, [](const Session& session, const Route& route, const std::string& what) {
        problem(session.http(request_json(route.method, route.filled(), nullptr), "{}"), "nobody's " + what);
        problem(session.http("BREW", route.filled(), ""), "BREW on " + what);
        problem(session.http(route.method, route.filled(), "{"), what + " with a cut body");
        problem(session.http(route.method, route.path + "/there/is/nothing", ""), "a path below " + what);
    });
}

constexpr const char* kRule = "abi.h, crm_connector.handle_http";
const Check kChecks[] = {
    {"http.heads", "Every route answers one valid head before its body.", "The host sends it as it comes.",
     kRule, "Write the head once, first.", heads},
    {"http.no-user", "Nobody gets in where a permission is needed.", "A host may forget to check.", kRule,
     "Answer 401 when user is null.", no_user},
    {"http.no-permission", "A user without the permission gets nothing.", "A host may forget to check.",
     kRule, "Answer 403.", no_permission},
    {"http.unknown-path", "Unknown and hostile paths bring no success.", "Attackers try paths.", kRule,
     "Answer 404.", unknown_path},
    {"http.unknown-method", "An unknown method brings no success.", "Methods have meanings.", kRule,
     "Answer 405.", unknown_method},
    {"http.requests", "Broken request texts are refused.", "Hosts have defects too.", kRule,
     "Validate the request.", broken_requests, 60},
    {"http.bodies", "Hostile bodies are the client's error, not a defect.", "Attackers send anything.", kRule,
     "Validate the body; answer 400.", broken_bodies, 60},
    {"http.bounded", "Nothing is read beyond the sizes given.", "Texts are not terminated.",
     "abi.h, rules of growth", "Use the sizes.", bounded},
    {"http.fuzz", "Mutated requests and bodies get sound answers.", "Attackers mutate.", kRule,
     "Repeat with the seed shown.", fuzz, 60},
    {"http.refused", "A refused head ends the answer.", "The client has gone.", "abi.h, crm_sink",
     "Return what write returned.", refused},
    {"http.problems", "Errors are problem details: type, title, status and detail.",
     "One page of the host shows the errors of all connectors.", "RFC 9457; docs/validator.md",
     "Answer application/problem+json.", problems}};

}  // namespace

Checks http_checks() {
    return kChecks;
}

}  // namespace crm::validator
