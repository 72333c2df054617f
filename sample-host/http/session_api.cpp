#include "http/session_api.hpp"

#include "http/json_body.hpp"
#include "http/problem.hpp"
#include "util/json_text.hpp"
#include "util/time_text.hpp"

namespace crm::sample {
namespace {

constexpr int kCookieSeconds = 12 * 3600;
constexpr std::size_t kMaxPassword = 1024;

std::string describe(const Identity& identity) {
    return "{\"user\":" + json_string(identity.name) + ",\"role\":" + json_string(role_name(identity.role)) +
           ",\"csrfToken\":" + json_string(identity.csrf_token) + "}";
}

std::string text_member(const boost::json::object& object, const char* name,
                        std::vector<InputError>& errors) {
    const auto* value = object.if_contains(name);
    if (value == nullptr || !value->is_string() || value->get_string().empty() ||
        value->get_string().size() > kMaxPassword) {
        errors.push_back({name, "is required and must be text"});
        return {};
    }
    return std::string(value->get_string());
}

}  // namespace

void SessionApi::mount(Router& router) {
    router.add("POST", "/api/session", kAnybody, [this](Exchange& exchange) { log_in(exchange); });
    router.add("DELETE", "/api/session", kAnybody, [this](Exchange& exchange) { log_out(exchange); });
    router.add("GET", "/api/session", kAnybody, [](Exchange& exchange) { show(exchange); });
}

std::optional<Identity> SessionApi::identify(const Exchange& exchange) {
    const std::string authorization = exchange.header("Authorization");
    constexpr std::string_view kBearer = "Bearer ";
    if (authorization.starts_with(kBearer)) return accounts_.by_token(authorization.substr(kBearer.size()));
    const std::string cookie = exchange.cookie(kSessionCookie);
    if (cookie.empty()) return std::nullopt;
    return accounts_.by_cookie(cookie);
}

void SessionApi::log_in(Exchange& exchange) {
    // A foreign page could otherwise log its visitor in as somebody else.
    if (exchange.header("Sec-Fetch-Site") == "cross-site")
        throw Problem(403, "log in from the CRM's own page");
    const JsonBody body(exchange.body());
    std::vector<InputError> errors;
    const std::string user = text_member(body.object(), "user", errors);
    const std::string password = text_member(body.object(), "password", errors);
    if (!errors.empty()) throw Problem(400, "user and password are needed", errors);

    const std::string key = exchange.client_address() + " " + user;
    if (const std::int64_t wait = throttle_.wait_seconds(key, monotonic_us()); wait > 0) {
        exchange.set_header("Retry-After", std::to_string(wait));
        throw Problem(429, "too many wrong passwords; try again in " + std::to_string(wait) + " seconds");
    }
    const auto cookie = accounts_.log_in(user, password);
    if (!cookie) {
        throttle_.failed(key, monotonic_us());
        throw Problem(401, "the user or the password is wrong");
    }
    throttle_.succeeded(key);
    exchange.set_cookie(kSessionCookie, *cookie, kCookieSeconds, true);
    const auto identity = accounts_.by_cookie(*cookie);
    if (!identity) throw Problem(500, "the session could not be made");
    exchange.send_json(200, describe(*identity));
}

void SessionApi::log_out(Exchange& exchange) {
    authorize(exchange, permission::kRecordsRead);
    accounts_.log_out(exchange.cookie(kSessionCookie));
    exchange.set_cookie(kSessionCookie, "", 0, true);
    exchange.send_empty(204);
}

void SessionApi::show(Exchange& exchange) {
    if (!exchange.identity()) throw Problem(401, "log in first");
    exchange.send_json(200, describe(*exchange.identity()));
}

}  // namespace crm::sample
