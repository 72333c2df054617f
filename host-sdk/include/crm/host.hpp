// What a host offers, in C++. Hosts derive from it; a connector receives one.
#pragma once

#include <string>
#include <string_view>

#include "crm/error.hpp"
#include "crm/scheduler.hpp"

namespace crm {

enum class LogLevel : std::uint32_t { kDebug = 0, kInfo = 1, kWarning = 2, kError = 3 };

class IHost {
  public:
    virtual ~IHost() = default;

    // [any-thread] Never throws. The text must be free of secrets and personal data.
    virtual void log(LogLevel level, std::string_view text) noexcept = 0;
    // [any-thread] UTC wall clock; may jump.
    virtual Instant now() = 0;
    // [any-thread] Never goes backwards.
    virtual Instant monotonic() = 0;

    // [any-thread] The instance's settings, a JSON object; "{}" at first.
    virtual std::string settings() = 0;
    // [any-thread] Replaces them durably, all or nothing.
    virtual void put_settings(std::string_view json) = 0;

    // [task-thread] Requests and answers are the JSON that abi.h describes at crm_records.
    virtual std::string query_records(std::string_view request) = 0;
    virtual std::string upsert_records(std::string_view request) = 0;

    // The following are optional: what a host does not override, its connectors do without.

    // [any-thread] Wraps a key under the host's master key, and back (CRM_AUTH when it is another master
    // key).
    virtual std::string wrap_key(std::string_view /*key*/) { not_offered("keys"); }
    virtual std::string unwrap_key(std::string_view /*wrapped*/) { not_offered("keys"); }
    // [any-thread] Absolute path of this instance's own folder.
    virtual std::string directory() { not_offered("files"); }
    // [any-thread] Tells people something; see abi.h at crm_notify.
    virtual void notify(std::string_view /*json*/) noexcept {}
    // [any-thread] Asks the host to call run_due soon. Ignored when the host only polls.
    virtual void wake() noexcept {}
    // [any-thread] How many threads of its own a connector may have; they never call the host.
    virtual std::uint32_t threads_allowed() noexcept { return 0; }

  private:
    [[noreturn]] static void not_offered(const char* service) {
        throw Error(CRM_UNSUPPORTED, std::string("this host does not offer crm.") + service + "/1");
    }
};

}  // namespace crm
