#include "http_server.hpp"

#include <Poco/Net/Context.h>
#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerParams.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/SecureServerSocket.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/StreamCopier.h>
#include <Poco/ThreadPool.h>
#include <Poco/URI.h>

#include <algorithm>
#include <charconv>

#include "admin.hpp"

namespace metakocka::sim {
namespace {

using Poco::Net::HTTPServerRequest;
using Poco::Net::HTTPServerResponse;

constexpr std::string_view kApiRoot = "/rest/eshop/v1/";
constexpr std::string_view kAdminRoot = "/admin/";
// A connection that is kept alive holds its thread; a host with many companies opens many.
constexpr int kMaxThreads = 600;

void send(Erp& erp, const Reply& reply, HTTPServerResponse& response) {
    if (reply.delivery == Delivery::kDrop) {
        response.setKeepAlive(false);  // nothing was sent: the connection just ends
        return;
    }
    response.setStatusAndReason(static_cast<HTTPServerResponse::HTTPStatus>(reply.status));
    response.setContentType(reply.content_type);
    if (!reply.retry_after.empty()) response.set("Retry-After", reply.retry_after);
    if (reply.delivery == Delivery::kWhole) {
        response.sendBuffer(reply.body.data(), reply.body.size());
        return;
    }
    response.setContentLength64(static_cast<Poco::Int64>(reply.body.size()));
    response.setKeepAlive(false);
    auto& out = response.send();
    if (reply.delivery == Delivery::kTruncate) {
        out.write(reply.body.data(), static_cast<std::streamsize>(reply.body.size() / 2)).flush();
        return;
    }
    constexpr std::size_t kPiece = 16;
    for (std::size_t at = 0; at < reply.body.size() && out.good(); at += kPiece) {
        const auto size = std::min(kPiece, reply.body.size() - at);
        out.write(reply.body.data() + at, static_cast<std::streamsize>(size)).flush();
        if (!erp.sleep(reply.pace)) return;
    }
}

std::size_t search_group(const HTTPServerRequest& request) {
    const std::string text = request.get("searchGroup", "0");
    std::size_t group = 0;
    std::from_chars(text.data(), text.data() + text.size(), group);
    return group;
}

class Handler : public Poco::Net::HTTPRequestHandler {
  public:
    explicit Handler(Erp& erp) : erp_(erp) {}

    void handleRequest(HTTPServerRequest& request, HTTPServerResponse& response) override {
        std::string body;  // always drained: what is left of it would corrupt the next request
        if (request.getContentLength64() > 0)
            body.reserve(static_cast<std::size_t>(request.getContentLength64()));
        Poco::StreamCopier::copyToString(request.stream(), body);
        const Poco::URI uri(request.getURI());
        const std::string& path = uri.getPath();
        if (path.starts_with(kAdminRoot)) {
            AdminRequest admin_request;
            admin_request.method = request.getMethod();
            admin_request.path = path.substr(kAdminRoot.size());
            for (auto& [name, value] : uri.getQueryParameters()) admin_request.query[name] = value;
            admin_request.body = std::move(body);
            send(erp_, admin(erp_, admin_request), response);
        } else if (path.starts_with(kApiRoot) && request.getMethod() == "POST") {
            send(erp_, erp_.call(path.substr(kApiRoot.size()), body, search_group(request)), response);
        } else {
            send(erp_, not_found(), response);
        }
    }

  private:
    Erp& erp_;
};

class Factory : public Poco::Net::HTTPRequestHandlerFactory {
  public:
    explicit Factory(Erp& erp) : erp_(erp) {}
    Poco::Net::HTTPRequestHandler* createRequestHandler(const HTTPServerRequest&) override {
        return new Handler(erp_);
    }

  private:
    Erp& erp_;
};

Poco::Net::HTTPServerParams::Ptr parameters() {
    Poco::Net::HTTPServerParams::Ptr params = new Poco::Net::HTTPServerParams;
    params->setKeepAlive(true);
    params->setKeepAliveTimeout(Poco::Timespan(60, 0));
    params->setMaxKeepAliveRequests(0);
    params->setTimeout(Poco::Timespan(60, 0));
    params->setMaxThreads(kMaxThreads);
    params->setMaxQueued(1000);
    params->setServerName("metakocka-sim");
    return params;
}

}  // namespace

struct HttpServer::Servers {
    explicit Servers(Erp& erp) : pool(4, kMaxThreads), factory(new Factory(erp)) {}

    Poco::ThreadPool pool;
    Poco::Net::HTTPRequestHandlerFactory::Ptr factory;
    std::unique_ptr<Poco::Net::HTTPServer> api, admin;
};

HttpServer::HttpServer(Erp& erp, const ListenAddress& address, const TlsFiles& tls)
    : erp_(erp), servers_(std::make_unique<Servers>(erp)) {
    Poco::Net::Context::Ptr context =
        new Poco::Net::Context(Poco::Net::Context::TLS_SERVER_USE, tls.key.string(), tls.certificate.string(),
                               "", Poco::Net::Context::VERIFY_NONE);
    context->requireMinimumProtocol(Poco::Net::Context::PROTO_TLSV1_2);
    Poco::Net::SecureServerSocket socket(Poco::Net::SocketAddress(address.host, address.port), 256, context);
    servers_->api =
        std::make_unique<Poco::Net::HTTPServer>(servers_->factory, servers_->pool, socket, parameters());
    servers_->api->start();
}

HttpServer::~HttpServer() {
    stop();
}

std::uint16_t HttpServer::listen_admin(const ListenAddress& address) {
    const Poco::Net::ServerSocket socket(Poco::Net::SocketAddress(address.host, address.port), 64);
    servers_->admin =
        std::make_unique<Poco::Net::HTTPServer>(servers_->factory, servers_->pool, socket, parameters());
    servers_->admin->start();
    return servers_->admin->port();
}

std::uint16_t HttpServer::port() const {
    return servers_->api->port();
}

void HttpServer::stop() {
    erp_.stop();
    for (auto* server : {servers_->api.get(), servers_->admin.get()}) {
        if (server != nullptr) server->stopAll(true);
    }
    servers_->pool.joinAll();
}

}  // namespace metakocka::sim
