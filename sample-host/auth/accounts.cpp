#include "auth/accounts.hpp"

#include "util/secrets.hpp"
#include "util/time_text.hpp"

namespace crm::sample {
namespace {

constexpr std::int64_t kSessionLength = std::int64_t{12} * 3600 * 1000000;
constexpr std::size_t kSecretBytes = 32;

}  // namespace

std::string csrf_token_of(std::string_view cookie) {
    return sha256_hex("csrf:" + std::string(cookie));
}

std::optional<std::string> Accounts::ensure_admin(const std::string& password) {
    {
        const Reader reader(database_);
        Statement& any = reader->prepare("SELECT 1 FROM user LIMIT 1");
        const ResetGuard guard(any);
        if (any.step()) return std::nullopt;
    }
    const std::string chosen = password.empty() ? random_hex(10) : password;
    const std::string hash = passwords_.hash(chosen);
    Transaction transaction(database_);
    Statement& insert =
        transaction->prepare("INSERT INTO user (name, passwordHash, role) VALUES ('admin', ?, 'admin')");
    {
        const ResetGuard guard(insert);
        insert.bind(1, hash);
        insert.step();
    }
    transaction.commit();
    if (!password.empty()) return std::nullopt;
    return chosen;
}

std::optional<std::string> Accounts::log_in(const std::string& user, const std::string& password) {
    std::string hash;
    {
        const Reader reader(database_);
        Statement& find = reader->prepare("SELECT passwordHash FROM user WHERE name = ?");
        const ResetGuard guard(find);
        find.bind(1, user);
        if (find.step()) hash = find.text(0);
    }
    if (hash.empty()) {
        passwords_.waste_time(password);
        return std::nullopt;
    }
    if (!passwords_.verify(hash, password)) return std::nullopt;

    std::string cookie = random_hex(kSecretBytes);
    const std::string id_hash = sha256_hex(cookie);
    const std::int64_t now = now_us();
    Transaction transaction(database_);
    Statement& old = transaction->prepare("DELETE FROM session WHERE expiresAt < ?");
    {
        const ResetGuard guard(old);
        old.bind(1, now);
        old.step();
    }
    Statement& insert =
        transaction->prepare("INSERT INTO session (idHash, user, expiresAt) VALUES (?, ?, ?)");
    {
        const ResetGuard guard(insert);
        insert.bind(1, id_hash);
        insert.bind(2, user);
        insert.bind(3, now + kSessionLength);
        insert.step();
    }
    transaction.commit();
    return cookie;
}

void Accounts::log_out(const std::string& cookie) {
    const std::string id_hash = sha256_hex(cookie);
    Transaction transaction(database_);
    Statement& remove = transaction->prepare("DELETE FROM session WHERE idHash = ?");
    {
        const ResetGuard guard(remove);
        remove.bind(1, id_hash);
        remove.step();
    }
    transaction.commit();
}

std::optional<Identity> Accounts::by_cookie(const std::string& cookie) {
    const std::string id_hash = sha256_hex(cookie);
    const Reader reader(database_);
    Statement& find = reader->prepare(
        "SELECT user.name, user.role FROM session JOIN user ON user.name = session.user "
        "WHERE idHash = ? AND expiresAt > ?");
    const ResetGuard guard(find);
    find.bind(1, id_hash);
    find.bind(2, now_us());
    if (!find.step()) return std::nullopt;
    const auto role = parse_role(find.text(1));
    if (!role) return std::nullopt;
    return Identity{std::string(find.text(0)), *role, csrf_token_of(cookie)};
}

std::string Accounts::create_token(Role role) {
    std::string token = "crm_" + random_hex(kSecretBytes);
    const std::string hash = sha256_hex(token);
    Transaction transaction(database_);
    Statement& insert = transaction->prepare("INSERT INTO token (hash, role, createdAt) VALUES (?, ?, ?)");
    {
        const ResetGuard guard(insert);
        insert.bind(1, hash);
        insert.bind(2, role_name(role));
        insert.bind(3, now_us());
        insert.step();
    }
    transaction.commit();
    return token;
}

std::optional<Identity> Accounts::by_token(const std::string& token) {
    const std::string hash = sha256_hex(token);
    const Reader reader(database_);
    Statement& find = reader->prepare("SELECT role FROM token WHERE hash = ?");
    const ResetGuard guard(find);
    find.bind(1, hash);
    if (!find.step()) return std::nullopt;
    const auto role = parse_role(find.text(0));
    if (!role) return std::nullopt;
    return Identity{"token:" + std::string(role_name(*role)), *role, {}};
}

}  // namespace crm::sample
