// The examples for authors as Windows modules: loaded, driven and heard.
#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "fixtures.hpp"
#include "memory_host.hpp"

namespace json = boost::json;

namespace {

class ProductHost : public MemoryHost {
  public:
    std::vector<std::string> names;

    std::string upsert_records(std::string_view request) override {
        const json::value asked = json::parse(request);
        json::array answers;
        for (const json::value& item : asked.at("items").as_array()) {
            names.emplace_back(item.at("fields").at("name").as_string());
            answers.push_back({{"id", std::to_string(names.size())}, {"outcome", "created"}});
        }
        return json::serialize(json::object{{"items", answers}});
    }
};

json::value ask(crm::IConnector& connector, const char* method, const char* path, const std::string& body) {
    const json::object user{{"name", "Ana"}, {"permissions", json::array{"integrations.manage"}}};
    MemoryResponse response;
    connector.handle_http(
        {json::serialize(json::object{{"method", method}, {"path", path}, {"user", user}}), body}, response);
    CHECK(json::parse(response.head).at("status") == 200);
    return json::parse(response.body);
}

crm::LoadOptions probed() {
    crm::LoadOptions options;
    options.allow_unsigned = true;
    return options;
}

}  // namespace

TEST_CASE("the C++ example keeps a price list") {
    ProductHost host;
    const auto connector = crm::load_connector(kFixtures / "price-list.dll", host, probed());
    CHECK(json::parse(connector->describe()).at("id") == "price-list");
    const std::string list = R"([{"code":"A-1","name":"Apple"},{"code":"B-2","name":"Čebela"}])";
    CHECK(ask(*connector, "PUT", "/list", list).at("waiting") == 2);
    CHECK(connector->scheduler().run_due(0, 1'000'000) == crm::kNever);
    CHECK(host.names == std::vector<std::string>{"Apple", "Čebela"});
    CHECK(ask(*connector, "GET", "/list", "") == json::value{{"waiting", 0}, {"refused", 0}});
    CHECK_THROWS_WITH(ask(*connector, "PUT", "/list", "{}"), Catch::Contains("expected [{"));
    CHECK(connector->stop(1'000'000));
}

TEST_CASE("the C example beats") {
    MemoryHost host;
    const auto connector = crm::load_connector(kFixtures / "heartbeat.dll", host, probed());
    CHECK(json::parse(connector->describe()).at("id") == "heartbeat");
    CHECK(connector->scheduler().run_due(1000, 0) > 1000);
    CHECK(ask(*connector, "GET", "/beats", "") == json::value{{"beats", 1}, {"lateUs", 0}});
    CHECK(connector->stop(1'000'000));
}
