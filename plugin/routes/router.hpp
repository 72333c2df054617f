// The module's HTTP endpoints: which there are, who may use them, and what carries a request to its handler.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json.hpp>

#include "crm/connector.hpp"

namespace metakocka::routes {

struct User {
    std::string name;
    std::vector<std::string> permissions;
};

struct Request {
    std::string method;
    std::map<std::string, std::string> parameters;  // of the path, by name
    std::map<std::string, std::string> query;
    std::map<std::string, std::string> headers;  // by lower-case name
    std::string_view body;
    std::optional<User> user;

    std::string header(const std::string& name) const;  // "" when it is missing
    // The query's value, or nothing when it is missing or empty.
    std::optional<std::string> asked(const std::string& name) const;
    // The body as JSON; throws Problem(400) when it is not.
    boost::json::value json() const;
};

struct FieldError {
    std::string path;
    std::string message;
};

// Thrown by handlers: the answer is RFC 9457 problem details.
struct Problem {
    int status = 500;
    std::string title;
    std::string detail;
    std::vector<FieldError> errors;
    std::string allow;  // of 405: the methods that are possible
};

// Writes answers; one per request.
class Reply {
  public:
    explicit Reply(crm::IHttpResponse& response) : response_(response) {}

    void json(int status, const boost::json::value& value);
    void problem(const Problem& problem);
    void text(int status, std::string_view content_type, std::string_view body);
    void empty(int status);
    // For streams: begin once, then write.
    void begin(int status, const boost::json::object& headers);
    void write(std::string_view piece) { response_.write(piece); }
    bool begun() const { return begun_; }

  private:
    crm::IHttpResponse& response_;
    bool begun_ = false;
};

inline constexpr std::string_view kView = "integrations.view";
inline constexpr std::string_view kManage = "integrations.manage";
inline constexpr std::string_view kAnybody;  // the handler finds out by itself who is asking

struct Route {
    std::string_view method;
    std::string_view path;        // "/runs/{id}": braces name a parameter that matches one segment
    std::string_view permission;  // kView, kManage or kAnybody
    std::function<void(const Request&, Reply&)> handle;
};

// [any-thread] once constructed, as its handlers are.
class Router {
  public:
    // `on_defect` hears of what no handler should throw.
    Router(std::vector<Route> routes, std::function<void(const std::string&)> on_defect)
        : routes_(std::move(routes)), on_defect_(std::move(on_defect)) {}

    void handle(const crm::HttpRequest& request, crm::IHttpResponse& response) const;
    // For describe: [{"method", "path", "permission"}], where null lets everybody in.
    boost::json::array describe() const;

  private:
    void dispatch(const crm::HttpRequest& request, Reply& reply) const;

    std::vector<Route> routes_;
    std::function<void(const std::string&)> on_defect_;
};

}  // namespace metakocka::routes
