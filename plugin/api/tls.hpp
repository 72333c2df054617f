// How the ERP's server proves who it is.
#pragma once

#include <memory>
#include <mutex>
#include <string>

namespace metakocka::api {

struct TlsContext;  // tls_context.hpp: a Poco context

// TLS 1.2 or newer; the certificate must lead to a CA of the system or to one in `ca_certificate_pem`, and
// name `host`, also when that is localhost. Throws sync::ErpError(kTls) when the PEM text holds no
// certificate.
std::shared_ptr<const TlsContext> make_tls_context(const std::string& host,
                                                   const std::string& ca_certificate_pem);

// Keeps the last one: making it costs 50 ms and more, and an instance makes a gateway for every run.
class TlsMemory {
  public:
    std::shared_ptr<const TlsContext> get(const std::string& host, const std::string& ca_certificate_pem);

  private:
    std::mutex mutex_;
    std::string host_;
    std::string pem_;
    std::shared_ptr<const TlsContext> context_;
};

}  // namespace metakocka::api
