// /credentials: the company's key to Metakocka. No answer ever holds any part of a secret.
#pragma once

#include "routes/router.hpp"
#include "routes/services.hpp"

namespace metakocka::routes {

class CredentialsRoutes {
  public:
    explicit CredentialsRoutes(Services& services) : services_(services) {}

    void get(const Request& request, Reply& reply);
    void put(const Request& request, Reply& reply);
    void remove(const Request& request, Reply& reply);
    void test(const Request& request, Reply& reply);

  private:
    boost::json::object shown();
    void check_company(const std::string& company_id);
    vault::Credentials read(const boost::json::value& body);

    Services& services_;
};

}  // namespace metakocka::routes
