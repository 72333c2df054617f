// What waits for a person, and what was replaced: /conflicts, /quarantine, /records/{kind}/{crmId}/history.
#pragma once

#include "routes/router.hpp"
#include "routes/services.hpp"

namespace metakocka::routes {

class Review {
  public:
    explicit Review(Services& services) : services_(services) {}

    void conflicts(const Request& request, Reply& reply);
    void resolve(const Request& request, Reply& reply);
    void quarantine(const Request& request, Reply& reply);
    void retry(const Request& request, Reply& reply);
    void history(const Request& request, Reply& reply);

  private:
    // A run that takes up what a person has just decided; null when none can be started now.
    boost::json::value take_up(RecordKind kind, sync::RunMode mode);

    Services& services_;
};

}  // namespace metakocka::routes
