// /logs and /logs/export.
#pragma once

#include "routes/router.hpp"
#include "routes/services.hpp"

namespace metakocka::routes {

class Logs {
  public:
    explicit Logs(Services& services) : services_(services) {}

    void list(const Request& request, Reply& reply);
    void export_all(const Request& request, Reply& reply);

  private:
    Services& services_;
};

}  // namespace metakocka::routes
