#include "store/credential_store.hpp"

#include <string>

#include "store/sql.hpp"

namespace metakocka::store {

namespace {

constexpr char kPlace[] = "credentials";

}  // namespace

void CredentialStore::put(const vault::Credentials& credentials) {
    std::string plain = vault::encode_credentials(credentials);
    const std::string sealed = instance_->vault().seal("credential", kPlace, plain);
    vault::wipe(plain);
    instance_->database().write([&](Connection& connection) {
        auto put = connection.use(sql::kPutCredential);
        put.bind(instance_->name());
        put.bind_blob(2, sealed);
        put.run();
    });
}

std::optional<vault::Credentials> CredentialStore::get() {
    auto sealed = instance_->database().read([&](Connection& connection) -> std::optional<std::string> {
        auto row = connection.use(sql::kGetCredential);
        row.bind(instance_->name());
        if (!row.step()) return std::nullopt;
        return row.text(0);
    });
    if (!sealed) return std::nullopt;
    std::string plain = instance_->vault().open("credential", kPlace, *sealed);
    auto credentials = vault::decode_credentials(plain);
    vault::wipe(plain);
    return credentials;
}

void CredentialStore::clear() {
    instance_->database().write(
        [&](Connection& connection) { connection.use(sql::kClearCredential).bind(instance_->name()).run(); });
}

}  // namespace metakocka::store
