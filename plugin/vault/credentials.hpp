// What lets the module into one company's Metakocka.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace metakocka::vault {

struct Credentials {
    std::string company_id;
    std::string secret_key;
    std::string base_url;
    std::optional<std::string> ca_certificate;  // PEM; null: the system's authorities
    std::optional<std::string> webhook_secret;
    std::int64_t set_at = 0;  // sync::Instant

    // Wipes the secrets. Every copy wipes itself.
    ~Credentials();
};

// JSON for sealing. Wipe it after use.
std::string encode_credentials(const Credentials& credentials);
// Throws std::invalid_argument, without quoting the text.
Credentials decode_credentials(std::string_view text);

}  // namespace metakocka::vault
