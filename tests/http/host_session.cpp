// Logging in, CSRF, roles, tokens, pages.
#include <sys/stat.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <catch2/catch.hpp>
#include <cstdlib>

#include "host_process.hpp"

using host_test::Answer;
using host_test::HostProcess;

namespace {

const std::string kLogin = std::string(R"({"user":"admin","password":")") + host_test::kPassword + R"("})";

std::string cookie_of(const Answer& answer) {
    const std::string& text = answer.headers.at("set-cookie");
    return text.substr(0, text.find(';'));
}

}  // namespace

TEST_CASE("host: a browser logs in, changes something with its CSRF token, and logs out") {
    HostProcess host;
    const Answer login = host.call("POST", "/api/session", kLogin);
    REQUIRE(login.status == 200);
    CHECK(login.object().at("user") == "admin");
    CHECK(login.object().at("role") == "admin");
    const std::string csrf = login.object().at("csrfToken").as_string().c_str();
    CHECK(csrf.size() >= 32);
    const std::string& set_cookie = login.headers.at("set-cookie");
    CHECK(set_cookie.find("HttpOnly") != std::string::npos);
    CHECK(set_cookie.find("SameSite=Strict") != std::string::npos);
    const std::string cookie = cookie_of(login);

    CHECK(host.call("GET", "/api/session", "", {{"Cookie", cookie}}).object().at("csrfToken").as_string() ==
          csrf);
    const std::string body = R"({"name":"Ana"})";
    CHECK(host.call("POST", "/api/contacts", body, {{"Cookie", cookie}}).status == 403);
    CHECK(host.call("POST", "/api/contacts", body, {{"Cookie", cookie}, {"X-CSRF-Token", "wrong"}}).status ==
          403);
    CHECK(host.call("POST", "/api/contacts", body, {{"Cookie", cookie}, {"X-CSRF-Token", csrf}}).status ==
          201);

    CHECK(host.call("DELETE", "/api/session", "", {{"Cookie", cookie}, {"X-CSRF-Token", csrf}}).status ==
          204);
    CHECK(host.call("GET", "/api/session", "", {{"Cookie", cookie}}).status == 401);
    CHECK(host.call("GET", "/api/contacts", "", {{"Cookie", cookie}}).status == 401);
}

TEST_CASE("host: wrong passwords are refused alike and then slowed down") {
    HostProcess host;
    const Answer unknown = host.call("POST", "/api/session", R"({"user":"nobody","password":"x"})");
    const Answer wrong = host.call("POST", "/api/session", R"({"user":"admin","password":"x"})");
    CHECK(unknown.status == 401);
    CHECK(wrong.status == 401);
    CHECK(unknown.body == wrong.body);
    for (int i = 0; i < 4; ++i) host.call("POST", "/api/session", R"({"user":"admin","password":"x"})");
    const Answer slowed = host.call("POST", "/api/session", kLogin);
    CHECK(slowed.status == 429);
    CHECK(slowed.headers.count("retry-after") == 1);
}

TEST_CASE("host: roles may do what they are for") {
    HostProcess host;
    CHECK(host.call("GET", "/api/contacts").status == 401);
    CHECK(host.call("GET", "/api/contacts", "", {{"Authorization", "Bearer crm_wrong"}}).status == 401);
    const std::string body = R"({"name":"Ana"})";
    CHECK(host.as("viewer", "POST", "/api/contacts", body).status == 403);
    CHECK(host.as("manager", "POST", "/api/contacts", body).status == 201);
    CHECK(host.as("viewer", "GET", "/api/contacts").object().at("items").as_array().size() == 1);
    CHECK(host.as("viewer", "GET", "/api/plugins").status == 200);
    CHECK(host.as("manager", "POST", "/api/plugins/none/enable").status == 403);
    CHECK(host.as("admin", "POST", "/api/plugins/none/enable").status == 404);
}

TEST_CASE("host: secrets are not stored in clear and the folder is private") {
    HostProcess host;
    const std::string token = host.token("admin");
    CHECK(token.size() > 40);
    CHECK(host.call("POST", "/api/session", kLogin).status == 200);
    CHECK(host.stop() == 0);
    const std::string search =
        "grep -rqa -e '" + token + "' -e '" + host_test::kPassword + "' " + host.data().string();
    CHECK(std::system(search.c_str()) != 0);
    struct stat info {};
    REQUIRE(::stat(host.data().c_str(), &info) == 0);
    CHECK((info.st_mode & 0777) == 0700);
    REQUIRE(::stat((host.data() / "master.key").c_str(), &info) == 0);
    CHECK((info.st_mode & 0777) == 0600);
}

TEST_CASE("host: pages ask for a login, carry a strict policy and the language") {
    HostProcess host;
    CHECK(host.call("GET", "/").headers.at("location") == "/login");
    CHECK(host.call("GET", "/contacts").headers.at("location") == "/login?next=/contacts");
    const Answer login = host.call("GET", "/login?lang=sl");
    CHECK(login.status == 200);
    CHECK(login.body.find("<html lang=\"sl\">") != std::string::npos);
    CHECK(login.headers.at("content-security-policy").find("script-src 'self';") != std::string::npos);
    CHECK(login.headers.at("x-content-type-options") == "nosniff");
    CHECK(host.call("GET", "/login", "", {{"Cookie", "crm_lang=sl"}}).body.find("lang=\"sl\"") !=
          std::string::npos);
    CHECK(host.call("GET", "/web/app.js").headers.at("content-type") == "text/javascript; charset=utf-8");
    CHECK(host.call("GET", "/web/..%2Fapp.html").status == 404);
    const Answer signed_in = host.as("viewer", "GET", "/contacts");
    CHECK(signed_in.status == 200);
    CHECK(signed_in.body.find("<html lang=\"en\">") != std::string::npos);
    CHECK(host.call("GET", "/healthz").status == 200);
}

TEST_CASE("host: the command line says what is wrong") {
    const host_test::TemporaryFolder folder;
    const std::string data = " --data " + (folder.path() / "data").string();
    CHECK(host_test::run_host("token --role king" + data).exit_code == 2);
    CHECK(host_test::run_host("serve").exit_code == 2);
    CHECK(host_test::run_host("plugin check").exit_code == 2);
    const auto refused = host_test::run_host("serve --database postgresql://localhost/crm" + data);
    CHECK(refused.exit_code == 2);
    CHECK(refused.err.find("PostgreSQL") != std::string::npos);
}
