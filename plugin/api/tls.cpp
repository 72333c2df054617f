#include "api/tls.hpp"

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <system_error>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "api/tls_context.hpp"
#include "sync/erp_gateway.hpp"

namespace metakocka::api {
namespace {

using Poco::Net::Context;
using BioPtr = std::unique_ptr<BIO, decltype(&BIO_free)>;
using CertificatePtr = std::unique_ptr<X509, decltype(&X509_free)>;

[[noreturn]] void refuse(const char* text) {
    throw sync::ErpError(sync::ErpErrorClass::kTls, text);
}

void trust(SSL_CTX* context, const std::string& pem) {
    if (pem.empty()) return;
    const BioPtr bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free);
    X509_STORE* const store = SSL_CTX_get_cert_store(context);
    int count = 0;
    while (const CertificatePtr certificate{PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr),
                                            &X509_free}) {
        if (X509_STORE_add_cert(store, certificate.get()) != 1) refuse("the CA certificate can't be used");
        ++count;
    }
    ERR_clear_error();  // reading on until the end leaves "no start line" behind
    if (count == 0) refuse("the CA certificate is not a certificate in PEM form");
}

// The system's CAs. From a hashed directory OpenSSL fetches just the one it needs; the bundle file costs 150
// ms and more than a megabyte for every context, which hurts where one process holds a thousand companies.
void trust_system(SSL_CTX* context) {
    const char* const named_dir = std::getenv(X509_get_default_cert_dir_env());
    const std::filesystem::path dir = named_dir != nullptr ? named_dir : X509_get_default_cert_dir();
    std::error_code error;
    bool hashed = false;
    for (const auto& entry : std::filesystem::directory_iterator(dir, error)) {
        if (entry.path().extension() == ".0") {
            hashed = true;
            break;
        }
    }
    SSL_CTX_set_default_verify_dir(context);
    if (!hashed || std::getenv(X509_get_default_cert_file_env()) != nullptr)
        SSL_CTX_set_default_verify_file(context);
    ERR_clear_error();
}

// Poco checks the name after the handshake, OpenSSL within it; the certificate must please both. OpenSSL's
// own check also replaces Poco's verify callback, which asks handlers that the host may have registered for
// itself.
void require_name(SSL_CTX* context, const std::string& host) {
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
    X509_VERIFY_PARAM* const parameters = SSL_CTX_get0_param(context);
    if (X509_VERIFY_PARAM_set1_ip_asc(parameters, host.c_str()) == 1) return;
    ERR_clear_error();
    X509_VERIFY_PARAM_set_hostflags(parameters, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    if (X509_VERIFY_PARAM_set1_host(parameters, host.data(), host.size()) != 1)
        refuse("the host has no valid name");
}

}  // namespace

std::shared_ptr<const TlsContext> make_tls_context(const std::string& host,
                                                   const std::string& ca_certificate_pem) {
    Context::Params parameters;
    parameters.verificationMode = Context::VERIFY_STRICT;
    parameters.loadDefaultCAs = false;
    Context::Ptr context = new Context(Context::TLS_CLIENT_USE, parameters);
    context->requireMinimumProtocol(Context::PROTO_TLSV1_2);
    context->enableExtendedCertificateVerification(true);
    context->enableSessionCache(true);
    trust_system(context->sslContext());
    trust(context->sslContext(), ca_certificate_pem);
    require_name(context->sslContext(), host);
    SSL_CTX_set_read_ahead(context->sslContext(), 1);  // otherwise each 4 kB of an answer costs two reads
    return std::make_shared<const TlsContext>(TlsContext{context});
}

std::shared_ptr<const TlsContext> TlsMemory::get(const std::string& host,
                                                 const std::string& ca_certificate_pem) {
    const std::lock_guard lock(mutex_);
    if (!context_ || host != host_ || ca_certificate_pem != pem_) {
        context_ = make_tls_context(host, ca_certificate_pem);
        host_ = host;
        pem_ = ca_certificate_pem;
    }
    return context_;
}

}  // namespace metakocka::api
