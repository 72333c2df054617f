// The HTTP server.
#pragma once

#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/ServerSocket.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "http/router.hpp"
#include "util/logger.hpp"

namespace crm::sample {

struct ListenOptions {
    std::string address = "127.0.0.1:8080";  // port 0: any free one
    std::string tls_cert;                    // both or none
    std::string tls_key;
    bool secure() const { return !tls_cert.empty(); }
};

using Identify = std::function<std::optional<Identity>(const Exchange&)>;

class Server {
  public:
    // Binds at once. `router` and `logger` must outlive it.
    Server(const ListenOptions& options, const Router& router, Identify identify, Logger& logger);
    void start() { server_->start(); }
    // Ends, also requests that are being answered.
    void stop() { server_->stopAll(true); }
    // "http://127.0.0.1:8080"
    std::string url() const;

  private:
    bool secure_;
    Poco::Net::ServerSocket socket_;
    std::unique_ptr<Poco::ThreadPool> threads_;
    std::unique_ptr<Poco::Net::HTTPServer> server_;
};

}  // namespace crm::sample
