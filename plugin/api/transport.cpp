#include "api/transport.hpp"

#include <algorithm>
#include <istream>
#include <optional>

#include <Poco/Exception.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/Net/HTTPSClientSession.h>
#include <Poco/Net/NetException.h>
#include <Poco/Net/SSLException.h>
#include <Poco/Net/SecureStreamSocket.h>

#include "api/http_date.hpp"
#include "api/tls_context.hpp"
#include "api/watchdog.hpp"

namespace metakocka::api {
namespace {

namespace net = Poco::Net;
using std::chrono::duration_cast;
using std::chrono::steady_clock;
using sync::ErpError;
using sync::ErpErrorClass;

// The connection was kept from an earlier call and died before the first byte of an answer.
class StaleConnection final : public ErpError {
  public:
    using ErpError::ErpError;
};

[[noreturn]] void fail(const std::string& text) {
    throw ErpError(ErpErrorClass::kTransient, text);
}

Poco::Timespan timespan(Deadline deadline, std::chrono::milliseconds most = std::chrono::hours(1)) {
    const auto left = duration_cast<std::chrono::microseconds>(deadline - steady_clock::now());
    const auto bounded = std::min<std::chrono::microseconds>(left, most);
    return {std::max<Poco::Timespan::TimeDiff>(bounded.count(), 1000)};
}

}  // namespace

// A connection with its handshake done. Every connection is made here, under the deadline: Poco's own
// attempts to reconnect are refused.
struct Transport::Session final : net::HTTPSClientSession {
    Session(const BaseUrl& base, const net::Context::Ptr& context, const net::SecureStreamSocket& secured)
        : HTTPSClientSession(base.host(), base.port(), context) {
        attachSocket(secured);
        setKeepAlive(true);
        setKeepAliveTimeout(Poco::Timespan(Poco::Timespan::HOURS));  // the transport decides instead
    }

    steady_clock::time_point last_use = steady_clock::now();

  protected:
    void connect(const net::SocketAddress& address) override {
        throw net::ConnectionAbortedException("connection lost", address.toString());
    }
};

struct Transport::State {
    State(std::shared_ptr<const TlsContext> context, const Waiter& waiter)
        : tls(std::move(context)), watchdog(waiter) {}

    std::shared_ptr<const TlsContext> tls;
    Watchdog watchdog;
    std::optional<Session> session;
};

Transport::Transport(BaseUrl base, std::shared_ptr<const TlsContext> tls, const Waiter& waiter,
                     const TransportOptions& options)
    : base_(std::move(base)),
      waiter_(waiter),
      options_(options),
      state_(std::make_unique<State>(std::move(tls), waiter)) {}

Transport::~Transport() = default;

namespace {

net::StreamSocket connect(const BaseUrl& base, Deadline deadline, std::chrono::milliseconds most) {
    try {
        net::StreamSocket socket;
        socket.connect(net::SocketAddress(base.host(), base.port()), timespan(deadline, most));
        socket.setNoDelay(true);
        socket.setReceiveTimeout(timespan(deadline));
        socket.setSendTimeout(timespan(deadline));
        return socket;
    } catch (const Poco::Exception& error) {
        fail("Metakocka can't be reached at " + base.host_header() + ": " + error.displayText());
    }
}

net::SecureStreamSocket handshake(const net::StreamSocket& socket, const BaseUrl& base,
                                  const net::Context::Ptr& context) {
    try {
        return net::SecureStreamSocket::attach(socket, base.host(), context);
    } catch (const net::SSLConnectionUnexpectedlyClosedException&) {
        fail(base.host_header() + " closed the connection before it was secure");
    } catch (const net::SSLException& error) {
        throw ErpError(ErpErrorClass::kTls,
                       "the certificate of " + base.host_header() + " was refused: " + error.message());
    } catch (const Poco::Exception& error) {
        fail("no secure connection to " + base.host_header() + ": " + error.displayText());
    }
}

void send(net::HTTPSClientSession& http, const std::string& path, const std::string& host,
          const std::string& body) {
    net::HTTPRequest request(net::HTTPRequest::HTTP_POST, path, net::HTTPMessage::HTTP_1_1);
    request.setHost(host);
    request.setContentType("application/json; charset=utf-8");
    request.set("Accept", "application/json");
    request.set("User-Agent", "autosync-for-metakocka");
    request.setContentLength64(static_cast<Poco::Int64>(body.size()));
    request.setKeepAlive(true);
    std::ostream& out = http.sendRequest(request);
    out.write(body.data(), static_cast<std::streamsize>(body.size()));
    out.flush();
    if (http.networkException() != nullptr) http.networkException()->rethrow();
    if (!out) fail("the connection broke while sending");
}

// A clean TLS close in the middle of a body looks like its end: lengths are compared (poco #5032).
std::string read_body(std::istream& in, const net::HTTPSClientSession& http,
                      const net::HTTPResponse& response, std::size_t limit) {
    const auto announced = response.getContentLength64();
    if (announced > 0 && static_cast<std::uint64_t>(announced) > limit) fail("the answer is too large");
    constexpr std::size_t kStep = 256 * 1024;
    std::string body;
    body.resize(announced > 0 ? static_cast<std::size_t>(announced) + 1 : kStep);
    std::size_t size = 0;
    while (in) {
        if (size == body.size()) body.resize(std::min(body.size() * 2, limit + 1));
        in.read(body.data() + size, static_cast<std::streamsize>(body.size() - size));
        size += static_cast<std::size_t>(in.gcount());
        if (size > limit) fail("the answer is too large");
    }
    if (in.bad() || http.networkException() != nullptr) fail("the connection broke inside the answer");
    if (announced >= 0 && size != static_cast<std::size_t>(announced)) fail("the answer was cut short");
    body.resize(size);
    return body;
}

}  // namespace

HttpAnswer Transport::exchange(const std::string& path, const std::string& body, Deadline deadline,
                               bool& sent) {
    auto& session = state_->session;
    if (session && steady_clock::now() - session->last_use > options_.keep_alive) session.reset();
    const bool reused = session.has_value();
    if (!session) {
        net::StreamSocket plain = connect(base_, deadline, options_.connect_timeout);
        const Watchdog::Watch watch(state_->watchdog, plain.impl()->sockfd(), deadline);
        session.emplace(base_, state_->tls->poco, handshake(plain, base_, state_->tls->poco));
    }
    Session& http = *session;
    const Watchdog::Watch watch(state_->watchdog, http.socket().impl()->sockfd(), deadline);
    http.socket().setReceiveTimeout(timespan(deadline));
    http.socket().setSendTimeout(timespan(deadline));
    net::HTTPResponse response;
    std::istream* in = nullptr;
    try {
        sent = true;
        send(http, path, base_.host_header(), body);
        in = &http.receiveResponse(response);
    } catch (const Poco::TimeoutException&) {
        fail("no answer in time");
    } catch (const Poco::Exception& error) {
        const std::string text = "the connection broke before an answer: " + error.displayText();
        if (reused) throw StaleConnection(ErpErrorClass::kTransient, text);
        fail(text);
    }
    HttpAnswer answer;
    answer.status = static_cast<int>(response.getStatus());
    answer.body = read_body(*in, http, response, options_.body_limit);
    answer.retry_after_s = retry_after_seconds(response.get("Retry-After", ""));
    bytes_ += answer.body.size();
    session->last_use = steady_clock::now();
    if (!response.getKeepAlive()) session.reset();
    return answer;
}

HttpAnswer Transport::post(PathFamily family, std::string_view call, const std::string& body,
                           Deadline deadline, bool idempotent) {
    bool sent = false;
    try {
        return attempt(base_.path(family, call), body, deadline, idempotent, sent);
    } catch (const ErpError& error) {
        if (sent) throw AnswerLost(error.error_class(), error.what());
        throw;
    }
}

HttpAnswer Transport::attempt(const std::string& path, const std::string& body, Deadline deadline,
                              bool idempotent, bool& sent) {
    for (bool again = false;; again = true) {
        if (waiter_.cancelled()) throw ErpError(ErpErrorClass::kCancelled, "cancelled");
        if (steady_clock::now() >= deadline) fail("no answer in time");
        state_->watchdog.clear();
        try {
            return exchange(path, body, deadline, sent);
        } catch (const StaleConnection&) {
            // Whatever broke left the connection in an unknown state: never use it again.
            state_->session.reset();
            if (state_->watchdog.verdict() == Watchdog::Verdict::kInTime && idempotent && !again) {
                ++resent_;
                continue;
            }
            if (state_->watchdog.verdict() == Watchdog::Verdict::kInTime) throw;
        } catch (const ErpError&) {
            state_->session.reset();
            if (state_->watchdog.verdict() == Watchdog::Verdict::kInTime) throw;
        } catch (const Poco::Exception& error) {
            state_->session.reset();
            if (state_->watchdog.verdict() == Watchdog::Verdict::kInTime) fail(error.displayText());
        }
        if (waiter_.cancelled()) throw ErpError(ErpErrorClass::kCancelled, "cancelled");
        fail("no complete answer in time");
    }
}

}  // namespace metakocka::api
