#include "vault/credentials.hpp"

#include <stdexcept>

#include <boost/json.hpp>

#include "vault/secret.hpp"

namespace metakocka::vault {

namespace json = boost::json;

namespace {

json::value to_value(const std::optional<std::string>& text) {
    return text ? json::value(*text) : json::value(nullptr);
}

std::optional<std::string> optional_text(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    if (value == nullptr || value->is_null()) return std::nullopt;
    return std::string(value->as_string());
}

std::string text(const json::object& object, std::string_view name) {
    return std::string(object.at(name).as_string());
}

}  // namespace

Credentials::~Credentials() {
    wipe(secret_key);
    if (webhook_secret) wipe(*webhook_secret);
}

std::string encode_credentials(const Credentials& credentials) {
    const json::object object{{"companyId", credentials.company_id},
                              {"secretKey", credentials.secret_key},
                              {"baseUrl", credentials.base_url},
                              {"caCertificate", to_value(credentials.ca_certificate)},
                              {"webhookSecret", to_value(credentials.webhook_secret)},
                              {"setAt", credentials.set_at}};
    return json::serialize(object);
}

Credentials decode_credentials(std::string_view encoded) {
    try {
        const json::value value = json::parse(encoded);
        const json::object& object = value.as_object();
        Credentials credentials;
        credentials.company_id = text(object, "companyId");
        credentials.secret_key = text(object, "secretKey");
        credentials.base_url = text(object, "baseUrl");
        credentials.ca_certificate = optional_text(object, "caCertificate");
        credentials.webhook_secret = optional_text(object, "webhookSecret");
        credentials.set_at = object.at("setAt").to_number<std::int64_t>();
        return credentials;
    } catch (const std::exception&) {
        throw std::invalid_argument("the stored credentials can't be read");
    }
}

}  // namespace metakocka::vault
