// sync::Clock over the host's.
#pragma once

#include "crm/host.hpp"
#include "sync/clock.hpp"

namespace metakocka {

class HostClock final : public sync::Clock {
  public:
    explicit HostClock(crm::IHost& host) : host_(host) {}
    sync::Instant now() override { return host_.now(); }
    sync::Instant monotonic() override { return host_.monotonic(); }

  private:
    crm::IHost& host_;
};

}  // namespace metakocka
