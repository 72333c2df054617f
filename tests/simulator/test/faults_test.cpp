#include <catch2/catch.hpp>

#include "mutate.hpp"
#include "support.hpp"

using namespace metakocka::sim;
using namespace metakocka::sim::test;

TEST_CASE("faults fire as often as asked, after as many calls as asked") {
    Erp erp(small_settings());
    Client client(erp);
    client.admin("POST", "faults",
                 {{"endpoint", "json/warehouse_list"}, {"kind", "quota"}, {"count", 1}, {"afterCalls", 1}});
    CHECK(str(client.call("json/warehouse_list", {}), "opr_code") == "0");
    CHECK(str(client.call("json/warehouse_list", {}), "opr_code") == "5");
    CHECK(str(client.call("json/warehouse_list", {}), "opr_code") == "0");
    client.admin("POST", "faults", {{"kind", "html200"}, {"count", -1}});
    CHECK(client.raw("search", {}).content_type.starts_with("text/html"));
    client.admin("DELETE", "faults");
    CHECK(str(client.call("json/warehouse_list", {}), "opr_code") == "0");
}

TEST_CASE("drop_after_write did the write") {
    Erp erp(small_settings());
    Client client(erp);
    client.admin("POST", "faults", {{"endpoint", "json/product_add"}, {"kind", "drop_after_write"}});
    const auto reply = client.raw("json/product_add", {{"code", "IZG"}, {"name", "n"}, {"unit", "kos"}});
    CHECK(reply.delivery == Delivery::kDrop);
    CHECK(list(client.call("json/product_list", {{"code", "IZG"}}), "product_list").size() == 1);
    const auto writes = client.admin("GET", "writes").at("writes").as_array();
    CHECK(writes.at(0).at("answerLost").as_bool());
    CHECK_FALSE(writes.at(0).at("body").as_object().contains("secret_key"));
}

TEST_CASE("shift moves the rows between two pages") {
    Erp erp(small_settings());
    Client client(erp);
    const auto first = list(client.call("json/product_list", {{"limit", 10}}), "product_list");
    const auto plain =
        list(client.call("json/product_list", {{"limit", 10}, {"offset", 10}}), "product_list");
    client.admin("POST", "faults", {{"endpoint", "json/product_list"}, {"kind", "shift"}, {"count", -1}});
    const auto shifted =
        list(client.call("json/product_list", {{"limit", 10}, {"offset", 10}}), "product_list");
    CHECK(first.size() == 10);
    CHECK(str(shifted.front(), "mk_id") == str(plain.at(1), "mk_id"));
}

TEST_CASE("mutations are repeatable and listed") {
    Erp one(small_settings());
    Erp two(small_settings());
    Client first(one);
    Client second(two);
    const boost::json::object wish{{"count", 200}, {"seed", 5}};
    const auto changes = first.admin("POST", "companies/1/mutate", wish);
    CHECK(changes == second.admin("POST", "companies/1/mutate", wish));
    CHECK(str(changes, "count") == "200");
}

TEST_CASE("products go in bulk, with their stock") {
    Erp erp(small_settings());
    AdminRequest request{"DELETE", "companies/1/products", {{"percent", "30"}}, ""};
    const auto answer = boost::json::parse(admin(erp, request).body).as_object();
    CHECK(str(answer, "deleted") == "360");
    Client client(erp);
    CHECK(str(client.admin("GET", "companies/1"), "products") == "840");
}

TEST_CASE("the quota of a company") {
    Erp erp(small_settings());
    Client client(erp);
    client.admin("POST", "companies/1/options", {{"quotaPerMinute", 2}});
    CHECK(str(client.call("json/warehouse_list", {}), "opr_code") == "0");
    CHECK(str(client.call("json/warehouse_list", {}), "opr_code") == "0");
    CHECK(str(client.call("json/warehouse_list", {}), "opr_code") == "5");
}

TEST_CASE("plain records written through the admin interface come back the same") {
    Erp erp(small_settings());
    Client client(erp);
    const auto made = client.admin("POST", "companies/1/products",
                                   {{"code", "A"}, {"name", "Ime"}, {"price", "12.5"}, {"taxRate", "9.5"}});
    CHECK(str(made, "price") == "12.5");
    CHECK(str(made, "taxRate") == "9.5");
    const auto id = str(made, "mkId");
    CHECK(client.admin("PATCH", "companies/1/products/" + id, {{"price", nullptr}}).at("price").is_null());
    const auto bill = client.admin("POST", "companies/1/documents",
                                   {{"docType", "sales_bill_domestic"},
                                    {"date", "2026-07-01"},
                                    {"paid", "1"},
                                    {"lines",
                                     {{{"productMkId", id},
                                       {"quantity", "2"},
                                       {"price", "10"},
                                       {"discount", "22;23"},
                                       {"taxRate", "22"}}}}});
    CHECK(str(bill, "net") == "12.01");
    CHECK(str(bill, "status") == "partly_paid");
    CHECK(str(bill.at("lines").as_array()[0].as_object(), "discount") == "39.94");
}
