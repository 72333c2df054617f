#include "tls_files.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include <cstdio>
#include <memory>
#include <stdexcept>

namespace metakocka::sim {
namespace {

struct Free {
    void operator()(EVP_PKEY* p) const { EVP_PKEY_free(p); }
    void operator()(X509* p) const { X509_free(p); }
    void operator()(X509_EXTENSION* p) const { X509_EXTENSION_free(p); }
    void operator()(std::FILE* p) const { std::fclose(p); }
};
template <typename T>
using Owned = std::unique_ptr<T, Free>;

template <typename T>
T* checked(T* pointer, const char* what) {
    if (pointer == nullptr) throw std::runtime_error(std::string("cannot make TLS files: ") + what);
    return pointer;
}

Owned<EVP_PKEY> new_key() {
    return Owned<EVP_PKEY>(checked(EVP_EC_gen("P-256"), "key"));
}

void set_name(X509_NAME* name, const char* common_name) {
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(common_name),
                               -1, -1, 0);
}

void add_extension(X509* certificate, X509* issuer, int nid, const char* value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    const Owned<X509_EXTENSION> extension(
        checked(X509V3_EXT_conf_nid(nullptr, &context, nid, value), "extension"));
    X509_add_ext(certificate, extension.get(), -1);
}

Owned<X509> new_certificate(EVP_PKEY* key, const char* common_name) {
    Owned<X509> certificate(checked(X509_new(), "certificate"));
    X509_set_version(certificate.get(), 2);
    unsigned char serial[8];
    RAND_bytes(serial, sizeof serial);
    std::uint64_t number = 0;
    for (const auto byte : serial) number = number << 8 | byte;
    ASN1_INTEGER_set_uint64(X509_get_serialNumber(certificate.get()), number >> 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -86'400);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 365L * 86'400);
    X509_set_pubkey(certificate.get(), key);
    set_name(X509_get_subject_name(certificate.get()), common_name);
    return certificate;
}

Owned<std::FILE> open_file(const std::filesystem::path& path, mode_t mode) {
    Owned<std::FILE> file(checked(std::fopen(path.c_str(), "wb"), path.c_str()));
    ::chmod(path.c_str(), mode);
    return file;
}

}  // namespace

TlsFiles make_tls_files(const std::filesystem::path& folder) {
    TlsFiles files{folder / "server.pem", folder / "server.key", folder / "ca.pem"};
    if (exists(files.certificate) && exists(files.key) && exists(files.authority)) return files;
    create_directories(folder);
    const auto ca_key = new_key();
    const auto ca = new_certificate(ca_key.get(), "metakocka-sim test authority");
    X509_set_issuer_name(ca.get(), X509_get_subject_name(ca.get()));
    add_extension(ca.get(), ca.get(), NID_basic_constraints, "critical,CA:TRUE");
    add_extension(ca.get(), ca.get(), NID_key_usage, "critical,keyCertSign,cRLSign");
    add_extension(ca.get(), ca.get(), NID_subject_key_identifier, "hash");
    X509_sign(ca.get(), ca_key.get(), EVP_sha256());

    const auto key = new_key();
    const auto server = new_certificate(key.get(), "localhost");
    X509_set_issuer_name(server.get(), X509_get_subject_name(ca.get()));
    add_extension(server.get(), ca.get(), NID_basic_constraints, "CA:FALSE");
    add_extension(server.get(), ca.get(), NID_ext_key_usage, "serverAuth");
    add_extension(server.get(), ca.get(), NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1,IP:::1");
    X509_sign(server.get(), ca_key.get(), EVP_sha256());

    PEM_write_X509(open_file(files.authority, 0644).get(), ca.get());
    PEM_write_X509(open_file(files.certificate, 0644).get(), server.get());
    PEM_write_PrivateKey(open_file(files.key, 0600).get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    return files;
}

}  // namespace metakocka::sim
