#include <stdexcept>
#include <string>

#include <catch2/catch.hpp>

#include "api/webhook.hpp"

using namespace metakocka::api;

TEST_CASE("a webhook's signature is HMAC-SHA1 in Base64", "[api]") {
    // RFC 2202's key of this length, computed with `openssl dgst -sha1 -hmac key -binary | base64`.
    const std::string body = "The quick brown fox jumps over the lazy dog";
    const std::string right = "3nybhbi3iqa8ino29wqQcBydtNk=";
    CHECK(is_signed("key", body, right));
    CHECK_FALSE(is_signed("Key", body, right));
    CHECK_FALSE(is_signed("key", body + " ", right));
    CHECK_FALSE(is_signed("key", body, ""));
    CHECK_FALSE(is_signed("key", body, right + "="));
    CHECK_FALSE(is_signed("key", body, right.substr(0, right.size() - 1)));
    for (std::size_t i = 0; i < right.size(); ++i) {
        std::string wrong = right;
        wrong[i] = wrong[i] == 'A' ? 'B' : 'A';
        CHECK_FALSE(is_signed("key", body, wrong));
    }
    CHECK(is_signed("", "", "+9sdGxiqbAgyS31ktx+3Y3BpDh0="));
}

TEST_CASE("a stock event names its products, each once, however it is spelled", "[api]") {
    using Ids = std::vector<std::string>;
    CHECK(products_of_stock_event(R"({"opr_code":"0","stock_list_count":"3","stock_list":[
        {"warehouse_id":"1","mk_id":"1600001","amount":"3"},{"warehouse_id":"2","mk_id":"1600001","amount":"7,5"},
        {"warehouse_id":"1","mk_id":1600002,"amount":4}]})") == Ids{"1600001", "1600002"});
    CHECK(products_of_stock_event(R"({"stock_list":{"mk_id":"7"}})") == Ids{"7"});
    CHECK(products_of_stock_event(R"({"stock_list":""})").empty());
    CHECK(products_of_stock_event(R"({"stock_list":null})").empty());
    CHECK(products_of_stock_event("{}").empty());
    // What is no id never reaches a query of the ERP.
    CHECK(products_of_stock_event(
              R"({"stock_list":[7,{"mk_id":"1,2"},{"mk_id":""},{"mk_id":"x"},{"mk_id":[1]},{},
                  {"mk_id":"111111111111111111111"},{"mk_id":"5"}]})") == Ids{"5"});
    for (const char* const broken : {"", "{", "[]", "1", R"({"stock_list":"x"})"}) {
        INFO(broken);
        CHECK_THROWS_AS(products_of_stock_event(broken), std::invalid_argument);
    }
}
