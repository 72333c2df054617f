// /api/session: logging in and out.
#pragma once

#include "auth/accounts.hpp"
#include "auth/throttle.hpp"
#include "http/router.hpp"

namespace crm::sample {

class SessionApi {
  public:
    explicit SessionApi(Accounts& accounts) : accounts_(accounts) {}
    void mount(Router& router);
    // Who sent the request: by bearer token, else by cookie.
    std::optional<Identity> identify(const Exchange& exchange);

  private:
    void log_in(Exchange& exchange);
    void log_out(Exchange& exchange);
    static void show(Exchange& exchange);

    Accounts& accounts_;
    LoginThrottle throttle_;
};

}  // namespace crm::sample
