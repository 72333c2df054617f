// POST /webhook: what Metakocka reports by itself. Nobody logs in here; the signature says who is asking.
#pragma once

#include <cstdint>
#include <mutex>

#include "routes/router.hpp"
#include "routes/services.hpp"

namespace metakocka::routes {

class Webhook {
  public:
    explicit Webhook(Services& services) : services_(services) {}

    void receive(const Request& request, Reply& reply);

  private:
    void check_signature(const Request& request);
    void note_refused();

    Services& services_;
    std::mutex refusals_;
    std::uint64_t refused_ = 0;        // since the last line of log
    sync::Instant refused_noted_ = 0;  // by the monotonic clock
};

}  // namespace metakocka::routes
