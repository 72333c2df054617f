#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "erp.hpp"
#include "tls_files.hpp"

namespace metakocka::sim {

struct ListenAddress {
    std::string host = "127.0.0.1";
    std::uint16_t port = 8443;
};

// Puts an Erp on the network: /rest/eshop/v1/ over TLS, /admin/ beside it and, if asked, over plain HTTP too.
class HttpServer {
  public:
    HttpServer(Erp& erp, const ListenAddress& address, const TlsFiles& tls);
    ~HttpServer();
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    std::uint16_t listen_admin(const ListenAddress& address);
    [[nodiscard]] std::uint16_t port() const;
    void stop();

  private:
    struct Servers;
    Erp& erp_;
    std::unique_ptr<Servers> servers_;
};

}  // namespace metakocka::sim
