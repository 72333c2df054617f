#include "vault/secret.hpp"

#include <openssl/crypto.h>

namespace metakocka::vault {

void wipe(std::string& text) noexcept {
    // Within the capacity, so nothing is allocated and the bytes of an earlier, longer text go too.
    text.resize(text.capacity());
    OPENSSL_cleanse(text.data(), text.size());
    text.clear();
}

SecretKey::~SecretKey() {
    OPENSSL_cleanse(bytes_.data(), bytes_.size());
}

}  // namespace metakocka::vault
