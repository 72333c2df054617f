// The product's own module through the SDK, with a host that lives in memory.
#include <unistd.h>

#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <filesystem>

#include "crm/loader.hpp"
#include "memory_host.hpp"

namespace {

namespace json = boost::json;

class EmptyCrm final : public MemoryHost {
  public:
    EmptyCrm()
        : folder_(std::filesystem::temp_directory_path() /
                  ("autosync-module-" + std::to_string(::getpid()))) {
        std::filesystem::remove_all(folder_);
        std::filesystem::create_directories(folder_);
    }
    ~EmptyCrm() override { std::filesystem::remove_all(folder_); }
    EmptyCrm(const EmptyCrm&) = delete;
    EmptyCrm& operator=(const EmptyCrm&) = delete;

    std::string directory() override { return folder_.string(); }
    std::string query_records(std::string_view) override { return R"({"items":[],"next":null})"; }
    std::string unwrap_key(std::string_view wrapped) override {
        if (other_master_key) throw crm::Error(CRM_AUTH, "wrapped under another master key");
        return MemoryHost::unwrap_key(wrapped);
    }

    bool other_master_key = false;

  private:
    std::filesystem::path folder_;
};

struct Collected final : crm::IHttpResponse {
    json::object head;
    std::string body;
    void begin(std::string_view text) override { head = json::parse(text).as_object(); }
    void write(std::string_view piece) override { body += piece; }
    std::int64_t status() const { return head.at("status").as_int64(); }
};

Collected call(crm::IConnector& connector, std::string_view method, std::string_view path, json::value user,
               std::string_view body = "") {
    Collected answer;
    const std::string head = json::serialize(json::object{{"method", method},
                                                          {"path", path},
                                                          {"query", json::object{}},
                                                          {"headers", json::object{}},
                                                          {"user", user}});
    connector.handle_http({head, body}, answer);
    return answer;
}

json::value user_with(std::string_view permission) {
    return json::object{{"name", "ana"}, {"permissions", json::array{permission}}};
}

const std::filesystem::path kModule = PRODUCT_MODULE;

}  // namespace

TEST_CASE("product: loads, describes itself and answers before anything is configured") {
    EmptyCrm host;
    const auto connector = crm::load_connector(kModule, host);
    const json::object described = json::parse(connector->describe()).as_object();
    CHECK(described.at("id") == "metakocka");
    for (const auto& route : described.at("routes").as_array()) {
        CAPTURE(json::serialize(route));
        // Whoever signs a webhook rightly needs no login; nothing else is open.
        CHECK(route.at("permission").is_null() == (route.at("path") == "/webhook"));
    }
    const auto status = call(*connector, "GET", "/auto-sync", user_with("integrations.view"));
    REQUIRE(status.status() == 200);
    const json::value shown = json::parse(status.body);
    CHECK(shown.at("enabled") == false);
    CHECK(shown.at("connection").at("state") == "unconfigured");
    CHECK(shown.at("types").at("products").at("intervalMinutes") == 30);
    CHECK(connector->scheduler().run_due(host.now(), 1000) == crm::kNever);
    CHECK(connector->stop(1'000'000));
}

TEST_CASE("product: checks permissions itself, whatever the host forgets") {
    EmptyCrm host;
    const auto connector = crm::load_connector(kModule, host);
    CHECK(call(*connector, "GET", "/auto-sync", nullptr).status() == 401);
    const auto refused =
        call(*connector, "POST", "/auto-sync", user_with("integrations.view"), R"({"enabled":true})");
    CHECK(refused.status() == 403);
    CHECK(host.stored_settings == "{}");
    const auto changed = call(*connector, "POST", "/auto-sync", user_with("integrations.manage"),
                              R"({"intervals":{"products":45}})");
    CHECK(changed.status() == 200);
    CHECK(json::parse(host.stored_settings).at("intervals").at("products") == 45);
}

TEST_CASE("product: another master key is a clear refusal that damages nothing") {
    EmptyCrm host;
    const json::value admin = user_with("integrations.manage");
    {
        const auto connector = crm::load_connector(kModule, host);
        const auto put =
            call(*connector, "PUT", "/credentials", admin,
                 R"({"companyId":"1","secretKey":"k","baseUrl":"https://localhost:1/rest/eshop/v1/"})");
        REQUIRE(put.status() == 200);
    }
    host.other_master_key = true;
    CHECK_THROWS_AS(crm::load_connector(kModule, host), crm::Error);
    host.other_master_key = false;
    const auto connector = crm::load_connector(kModule, host);
    const auto shown = call(*connector, "GET", "/credentials", user_with("integrations.view"));
    CHECK(json::parse(shown.body).at("companyId") == "1");
    CHECK(shown.body.find("secretKey") == std::string::npos);
}
