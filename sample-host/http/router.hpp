// From method and path to what answers.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "http/exchange.hpp"

namespace crm::sample {

// Who may use a route. Empty permission: anybody; the handler decides.
struct Access {
    std::string_view permission;
};
inline constexpr Access kAnybody{};

using Handler = std::function<void(Exchange&)>;

class Router {
  public:
    // `pattern` like "/api/contacts/{id}" or "/static/*". HEAD goes where GET goes.
    void add(std::string method, std::string_view pattern, Access access, Handler handler);
    // Checks access and calls the handler. Throws Problem.
    void dispatch(Exchange& exchange) const;

  private:
    struct Route {
        std::string method;
        std::vector<std::string> pattern;
        Access access;
        Handler handler;
    };
    std::vector<Route> routes_;
};

// Throws Problem(401|403) unless who asks may do that; for changes by a browser also without its CSRF token.
void authorize(const Exchange& exchange, std::string_view permission);

}  // namespace crm::sample
