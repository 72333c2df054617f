#include "http/router.hpp"

#include "http/problem.hpp"
#include "util/path.hpp"
#include "util/secrets.hpp"

namespace crm::sample {
namespace {

bool is_reading(const std::string& method) {
    return method == "GET" || method == "HEAD";
}

}  // namespace

void Router::add(std::string method, std::string_view pattern, Access access, Handler handler) {
    routes_.push_back({std::move(method), split_path(pattern), access, std::move(handler)});
}

void Router::dispatch(Exchange& exchange) const {
    std::string allowed;
    const std::string method = exchange.method() == "HEAD" ? "GET" : exchange.method();
    for (const Route& route : routes_) {
        std::vector<std::string> parameters;
        if (!match_path(route.pattern, exchange.segments(), parameters)) continue;
        if (route.method != method && route.method != "*") {
            allowed += (allowed.empty() ? "" : ", ") + route.method;
            continue;
        }
        if (!route.access.permission.empty()) authorize(exchange, route.access.permission);
        exchange.set_parameters(std::move(parameters));
        route.handler(exchange);
        return;
    }
    if (allowed.empty()) throw Problem(404, "there is nothing at this address");
    exchange.set_header("Allow", allowed);
    throw Problem(405, "this address takes only " + allowed);
}

void authorize(const Exchange& exchange, std::string_view permission) {
    const auto& identity = exchange.identity();
    if (!identity) throw Problem(401, "log in first");
    if (!is_reading(exchange.method()) && !identity->csrf_token.empty() &&
        !equal_secret(exchange.header("X-CSRF-Token"), identity->csrf_token)) {
        throw Problem(403, "the header X-CSRF-Token is missing or wrong");
    }
    if (!is_allowed(identity->role, permission)) {
        throw Problem(403, "your role does not allow this (" + std::string(permission) + ")");
    }
}

}  // namespace crm::sample
