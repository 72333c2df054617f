// GET /live/{kind}/{crmId}: one record as Metakocka has it at this moment.
#pragma once

#include "routes/router.hpp"
#include "routes/services.hpp"

namespace metakocka::routes {

class Live {
  public:
    explicit Live(Services& services) : services_(services) {}

    void get(const Request& request, Reply& reply);

  private:
    Services& services_;
};

}  // namespace metakocka::routes
