// Webhooks that came in: which were taken already, and what they left to do.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "store/instance.hpp"

namespace metakocka::store {

// [any-thread]
class WebhookInbox {
  public:
    // Ids are remembered for a week, at most ten thousand of them. One that was forgotten and comes again
    // costs a look at the ERP and changes nothing.
    static constexpr sync::Duration kRemembered = 7 * sync::kDay;
    static constexpr std::uint64_t kMost = 10'000;

    explicit WebhookInbox(std::shared_ptr<Instance> instance) : instance_(std::move(instance)) {}

    // False when an event with this id was taken before; nothing changes then. Otherwise `products` (ids of
    // the ERP) are pending from now on.
    bool take(const std::string& event, const std::vector<std::string>& products);

    struct Pending {
        std::vector<std::string> events;
        std::vector<std::string> products;  // each once
    };
    Pending pending();
    // These events are carried out; their ids stay known.
    void settle(const std::vector<std::string>& events);

  private:
    std::shared_ptr<Instance> instance_;
};

}  // namespace metakocka::store
