// Users, sessions and bearer tokens. Of secrets only digests are stored.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "auth/identity.hpp"
#include "auth/passwords.hpp"
#include "store/database.hpp"

namespace crm::sample {

class Accounts {
  public:
    explicit Accounts(Database& database) : database_(database) {}

    // Creates the user "admin" when there is no user yet. Answers the generated password when `password` is
    // empty and the user was created.
    std::optional<std::string> ensure_admin(const std::string& password);

    // The new session's cookie value, or nothing when the name or the password is wrong.
    std::optional<std::string> log_in(const std::string& user, const std::string& password);
    void log_out(const std::string& cookie);
    std::optional<Identity> by_cookie(const std::string& cookie);

    // A new token, shown this once.
    std::string create_token(Role role);
    std::optional<Identity> by_token(const std::string& token);

  private:
    Database& database_;
    Passwords passwords_;
};

// What a page needs to prove that it is ours. Derived, so that it need not be stored.
std::string csrf_token_of(std::string_view cookie);

}  // namespace crm::sample
