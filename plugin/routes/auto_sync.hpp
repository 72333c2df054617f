// GET, POST, DELETE /auto-sync: the state and the settings of one instance.
#pragma once

#include "routes/router.hpp"
#include "routes/services.hpp"

namespace metakocka::routes {

class AutoSync {
  public:
    explicit AutoSync(Services& services) : services_(services) {}

    void get(const Request& request, Reply& reply);
    void post(const Request& request, Reply& reply);
    void remove(const Request& request, Reply& reply);

  private:
    boost::json::object status();
    void change(const Request& request, const Settings& before, const Settings& after, bool stop_run);

    Services& services_;
    std::mutex changing_;  // two people saving at once: one after the other
};

}  // namespace metakocka::routes
