// /runs: starting, listing, looking into and cancelling runs.
#pragma once

#include "routes/router.hpp"
#include "routes/services.hpp"

namespace metakocka::routes {

class Runs {
  public:
    explicit Runs(Services& services) : services_(services) {}

    void start(const Request& request, Reply& reply);
    void list(const Request& request, Reply& reply);
    void get(const Request& request, Reply& reply);
    void records(const Request& request, Reply& reply);
    void cancel(const Request& request, Reply& reply);

  private:
    sync::Run find(const std::string& id);

    Services& services_;
};

}  // namespace metakocka::routes
