#include "routes/router.hpp"

#include <algorithm>
#include <exception>
#include <utility>

namespace metakocka::routes {

namespace {

namespace json = boost::json;

std::vector<std::string_view> segments(std::string_view path) {
    std::vector<std::string_view> parts;
    while (!path.empty()) {
        const auto slash = path.find('/');
        if (const auto part = path.substr(0, slash); !part.empty()) parts.push_back(part);
        if (slash == std::string_view::npos) break;
        path.remove_prefix(slash + 1);
    }
    return parts;
}

std::optional<std::map<std::string, std::string>> match(std::string_view pattern, std::string_view path) {
    const auto wanted = segments(pattern);
    const auto given = segments(path);
    if (wanted.size() != given.size()) return std::nullopt;
    std::map<std::string, std::string> parameters;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        if (wanted[i].front() == '{') {
            parameters.emplace(wanted[i].substr(1, wanted[i].size() - 2), given[i]);
        } else if (wanted[i] != given[i]) {
            return std::nullopt;
        }
    }
    return parameters;
}

std::string text_of(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

std::map<std::string, std::string> texts_of(const json::object& head, std::string_view name) {
    std::map<std::string, std::string> texts;
    const auto* object = head.if_contains(name);
    if (object == nullptr || !object->is_object()) return texts;
    for (const auto& entry : object->as_object()) {
        if (entry.value().is_string()) texts.emplace(entry.key(), entry.value().as_string());
    }
    return texts;
}

std::optional<User> user_of(const json::object& head) {
    const auto* value = head.if_contains("user");
    if (value == nullptr || !value->is_object()) return std::nullopt;
    User user{.name = text_of(value->as_object(), "name"), .permissions = {}};
    if (const auto* list = value->as_object().if_contains("permissions");
        list != nullptr && list->is_array()) {
        for (const auto& permission : list->as_array()) {
            if (permission.is_string()) user.permissions.emplace_back(permission.as_string());
        }
    }
    return user;
}

// The host checks this too; a host that forgets must not open the company's ERP.
void check_permission(const std::optional<User>& user, std::string_view permission) {
    if (!user) throw Problem{401, "Unauthorized", "Log in first.", {}, {}};
    const auto& held = user->permissions;
    if (std::find(held.begin(), held.end(), permission) == held.end()) {
        throw Problem{403, "Forbidden", "This needs the permission " + std::string(permission) + ".", {}, {}};
    }
}

}  // namespace

std::optional<std::string> Request::asked(const std::string& name) const {
    const auto it = query.find(name);
    if (it == query.end() || it->second.empty()) return std::nullopt;
    return it->second;
}

std::string Request::header(const std::string& name) const {
    const auto it = headers.find(name);
    return it == headers.end() ? std::string() : it->second;
}

json::value Request::json() const {
    boost::system::error_code error;
    json::value value = json::parse(body, error);
    if (error)
        throw Problem{400, "Bad Request", "The body is not valid JSON: " + error.message() + '.', {}, {}};
    return value;
}

void Reply::begin(int status, const json::object& headers) {
    begun_ = true;
    response_.begin(json::serialize(json::object{{"status", status}, {"headers", headers}}));
}

void Reply::text(int status, std::string_view content_type, std::string_view body) {
    begin(status, {{"content-type", content_type}, {"cache-control", "no-store"}});
    response_.write(body);
}

void Reply::json(int status, const json::value& value) {
    text(status, "application/json; charset=utf-8", json::serialize(value));
}

void Reply::empty(int status) {
    begin(status, {{"cache-control", "no-store"}});
}

void Reply::problem(const Problem& problem) {
    json::object body{{"type", "about:blank"},
                      {"title", problem.title},
                      {"status", problem.status},
                      {"detail", problem.detail}};
    if (!problem.errors.empty()) {
        json::array errors;
        for (const auto& error : problem.errors) {
            errors.push_back(json::object{{"path", error.path}, {"message", error.message}});
        }
        body["errors"] = std::move(errors);
    }
    json::object headers{{"content-type", "application/problem+json"}, {"cache-control", "no-store"}};
    if (!problem.allow.empty()) headers["allow"] = problem.allow;
    begin(problem.status, headers);
    response_.write(json::serialize(body));
}

json::array Router::describe() const {
    json::array list;
    for (const auto& route : routes_) {
        const bool open = route.permission == kAnybody;
        list.push_back(
            json::object{{"method", route.method},
                         {"path", route.path},
                         {"permission", open ? json::value(nullptr) : json::value(route.permission)}});
    }
    return list;
}

void Router::handle(const crm::HttpRequest& request, crm::IHttpResponse& response) const {
    Reply reply(response);
    try {
        dispatch(request, reply);
    } catch (const Problem& problem) {
        if (!reply.begun()) reply.problem(problem);
    } catch (const crm::Error&) {
        throw;  // the client has gone, or the host itself can't go on
    } catch (const std::exception& error) {
        on_defect_(error.what());
        if (reply.begun()) throw;  // the host cuts the connection, so that half an answer does not look whole
        reply.problem({500,
                       "Internal Server Error",
                       "Something went wrong inside the Metakocka module; its log says what.",
                       {},
                       {}});
    }
}

void Router::dispatch(const crm::HttpRequest& http, Reply& reply) const {
    const json::value parsed = json::parse(http.head);
    const auto& head = parsed.as_object();
    Request request;
    request.method = text_of(head, "method");
    request.body = http.body;
    request.user = user_of(head);
    request.query = texts_of(head, "query");
    request.headers = texts_of(head, "headers");
    const std::string path = text_of(head, "path");
    std::string allowed;
    for (const auto& route : routes_) {
        auto parameters = match(route.path, path);
        if (!parameters) continue;
        allowed += (allowed.empty() ? "" : ", ") + std::string(route.method);
        if (route.method != request.method) continue;
        if (route.permission != kAnybody) check_permission(request.user, route.permission);
        request.parameters = std::move(*parameters);
        route.handle(request, reply);
        return;
    }
    if (!allowed.empty()) {
        throw Problem{405, "Method Not Allowed", request.method + " is not possible here.", {}, allowed};
    }
    throw Problem{404, "Not Found", "There is no " + path + " here.", {}, {}};
}

}  // namespace metakocka::routes
