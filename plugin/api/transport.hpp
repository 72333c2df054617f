// One HTTPS exchange: a POST and its whole answer, or an ErpError. Knows nothing of what is in them.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "api/connection.hpp"
#include "api/tls.hpp"
#include "api/waiter.hpp"
#include "sync/erp_gateway.hpp"

namespace metakocka::api {

using Deadline = std::chrono::steady_clock::time_point;

struct TransportOptions {
    std::chrono::milliseconds connect_timeout{10'000};
    // Below the server's own, so that it is us who let go: Tomcat keeps a connection for 20 s, Poco for 10
    // to 15.
    std::chrono::milliseconds keep_alive{5'000};
    std::size_t body_limit = 64U * 1024 * 1024;
};

struct HttpAnswer {
    int status = 0;
    std::string body;
    int retry_after_s = 0;  // 0: the server named none
};

// The request went out, at least a part of it, and no whole answer came back: what it asked for may have
// happened.
class AnswerLost final : public sync::ErpError {
  public:
    using ErpError::ErpError;
};

// One thread at a time.
class Transport {
  public:
    // `waiter` must outlive it; `tls` is one for the base's host.
    Transport(BaseUrl base, std::shared_ptr<const TlsContext> tls, const Waiter& waiter,
              const TransportOptions& options = {});
    ~Transport();

    // Redirects are not followed. A kept connection that turns out to be stale costs an idempotent call
    // nothing: it is sent once more over a new one. Throws sync::ErpError: kTransient, kTls, kCancelled; as
    // AnswerLost once something was sent.
    HttpAnswer post(PathFamily family, std::string_view call, const std::string& body, Deadline deadline,
                    bool idempotent);

    std::uint64_t bytes() const noexcept { return bytes_; }    // received, bodies only
    std::uint64_t resent() const noexcept { return resent_; }  // exchanges made again over a new connection

  private:
    struct Session;
    struct State;

    HttpAnswer attempt(const std::string& path, const std::string& body, Deadline deadline, bool idempotent,
                       bool& sent);
    HttpAnswer exchange(const std::string& path, const std::string& body, Deadline deadline, bool& sent);

    BaseUrl base_;
    const Waiter& waiter_;
    TransportOptions options_;
    std::unique_ptr<State> state_;
    std::uint64_t bytes_ = 0;
    std::uint64_t resent_ = 0;
};

}  // namespace metakocka::api
