#include "http/server.hpp"

#include <Poco/Net/Context.h>
#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServerParams.h>
#include <Poco/Net/HTTPServerRequestImpl.h>
#include <Poco/Net/SecureServerSocket.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/ThreadPool.h>
#include <Poco/Timespan.h>

#include "http/problem.hpp"

namespace crm::sample {
namespace {

// Poco gives every open connection a thread, also one that idles between two requests or streams events.
// A browser keeps up to six, so the 16 threads that would do for the work are not enough.
constexpr int kThreads = 64;
constexpr int kQueued = 128;

Poco::Net::ServerSocket listen(const ListenOptions& options) {
    const Poco::Net::SocketAddress address(options.address);
    if (!options.secure()) return Poco::Net::ServerSocket(address, kQueued);
    Poco::Net::Context::Ptr context =
        new Poco::Net::Context(Poco::Net::Context::TLS_SERVER_USE, options.tls_key, options.tls_cert, "",
                               Poco::Net::Context::VERIFY_NONE);
    context->requireMinimumProtocol(Poco::Net::Context::PROTO_TLSV1_2);
    return Poco::Net::SecureServerSocket(address, kQueued, context);
}

class Dispatch final : public Poco::Net::HTTPRequestHandler {
  public:
    Dispatch(const Router& router, const Identify& identify, Logger& logger, bool secure)
        : router_(router), identify_(identify), logger_(logger), secure_(secure) {}

    void handleRequest(Poco::Net::HTTPServerRequest& request,
                       Poco::Net::HTTPServerResponse& response) override {
        try {
            try {
                Exchange exchange(request, response, secure_);
                exchange.set_identity(identify_(exchange));
                router_.dispatch(exchange);
            } catch (const Problem& problem) {
                answer(request, response, problem);
            }
        } catch (const std::exception& error) {
            // Without the query, which may hold what somebody searched for.
            const std::string& uri = request.getURI();
            logger_.error(request.getMethod() + " " + uri.substr(0, uri.find('?')) + ": " + describe(error));
            answer(request, response, Problem(500, "something went wrong; the log has the details"));
        }
    }

  private:
    static std::string describe(const std::exception& error) {
        const auto* poco = dynamic_cast<const Poco::Exception*>(&error);
        return poco != nullptr ? poco->displayText() : error.what();
    }

    static void answer(Poco::Net::HTTPServerRequest& request, Poco::Net::HTTPServerResponse& response,
                       const Problem& problem) {
        if (response.sent()) {
            // Too late for a status. Cutting the connection is the one way left to say that the answer is not
            // whole: Poco would end a chunked body as if it were.
            if (auto* raw = dynamic_cast<Poco::Net::HTTPServerRequestImpl*>(&request))
                raw->socket().shutdown();
            return;
        }
        const std::string body = problem.json();
        response.setStatusAndReason(static_cast<Poco::Net::HTTPResponse::HTTPStatus>(problem.status()));
        response.setContentType(std::string("application/problem+json"));
        response.sendBuffer(body.data(), body.size());
    }

    const Router& router_;
    const Identify& identify_;
    Logger& logger_;
    bool secure_;
};

class Factory final : public Poco::Net::HTTPRequestHandlerFactory {
  public:
    Factory(const Router& router, Identify identify, Logger& logger, bool secure)
        : router_(router), identify_(std::move(identify)), logger_(logger), secure_(secure) {}

    Poco::Net::HTTPRequestHandler* createRequestHandler(
        const Poco::Net::HTTPServerRequest& /*request*/) override {
        return new Dispatch(router_, identify_, logger_, secure_);
    }

  private:
    const Router& router_;
    Identify identify_;
    Logger& logger_;
    bool secure_;
};

}  // namespace

Server::Server(const ListenOptions& options, const Router& router, Identify identify, Logger& logger)
    : secure_(options.secure()),
      socket_(listen(options)),
      threads_(std::make_unique<Poco::ThreadPool>(2, kThreads)) {
    Poco::Net::HTTPServerParams::Ptr params = new Poco::Net::HTTPServerParams;
    params->setMaxThreads(kThreads);
    params->setMaxQueued(kQueued);
    params->setKeepAliveTimeout(Poco::Timespan(15, 0));
    params->setTimeout(Poco::Timespan(30, 0));
    params->setMaxKeepAliveRequests(0);
    server_ = std::make_unique<Poco::Net::HTTPServer>(
        new Factory(router, std::move(identify), logger, secure_), *threads_, socket_, params);
}

std::string Server::url() const {
    return (secure_ ? "https://" : "http://") + socket_.address().toString();
}

}  // namespace crm::sample
