#include "vault/derive.hpp"

#include <cstddef>
#include <memory>
#include <string>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#include "vault/error.hpp"

namespace metakocka::vault {

void derive_key(std::span<const std::uint8_t> key, std::string_view purpose, SecretKey& result) {
    const std::unique_ptr<EVP_KDF, decltype(&EVP_KDF_free)> kdf(EVP_KDF_fetch(nullptr, "HKDF", nullptr),
                                                                &EVP_KDF_free);
    const std::unique_ptr<EVP_KDF_CTX, decltype(&EVP_KDF_CTX_free)> context(
        kdf ? EVP_KDF_CTX_new(kdf.get()) : nullptr, &EVP_KDF_CTX_free);
    if (!context) throw VaultError(VaultProblem::kCrypto, "the crypto library offers no HKDF");

    std::string digest = "SHA256";
    std::string info = "metakocka/1/" + std::string(purpose);
    // OpenSSL's parameters are not const, but it does not write to them.
    auto* key_bytes = const_cast<std::uint8_t*>(key.data());
    const std::array<OSSL_PARAM, 4> params{
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest.data(), digest.size()),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, key_bytes, key.size()),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, info.data(), info.size()),
        OSSL_PARAM_construct_end()};
    if (EVP_KDF_derive(context.get(), result.data(), kKeyBytes, params.data()) != 1) {
        throw VaultError(VaultProblem::kCrypto, "a key could not be derived");
    }
}

Hash keyed_hash(std::span<const std::uint8_t> key, std::string_view purpose, std::string_view text) {
    std::string input;
    input.reserve(purpose.size() + 1 + text.size());
    input.append(purpose).append(1, '\0').append(text);
    Hash hash{};
    unsigned int length = 0;
    const auto* made =
        HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
             reinterpret_cast<const unsigned char*>(input.data()), input.size(), hash.data(), &length);
    wipe(input);
    if (made == nullptr || length != hash.size()) {
        throw VaultError(VaultProblem::kCrypto, "a hash could not be made");
    }
    return hash;
}

void fill_random(std::span<std::uint8_t> bytes) {
    if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) {
        throw VaultError(VaultProblem::kCrypto, "the system gives no random numbers");
    }
}

}  // namespace metakocka::vault
