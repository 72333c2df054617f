#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "support.hpp"

using namespace metakocka::sim;
using namespace metakocka::sim::test;

TEST_CASE("paging covers every product once and agrees with the truth") {
    Erp erp(small_settings());
    Client client(erp);
    std::map<std::string, boost::json::object> rows;
    for (std::size_t offset = 0;;) {
        const auto page = client.call("json/product_list",
                                      {{"offset", offset}, {"limit", "1000"}, {"return_pricelist", true}});
        const auto products = list(page, "product_list");
        REQUIRE(str(page, "product_list_count") == std::to_string(products.size()));
        for (const auto& row : products) rows[str(row, "mk_id")] = row;
        if (products.size() < 1000) break;
        offset += products.size();
    }
    REQUIRE(rows.size() == 1200);
    const auto truth = client.admin("GET", "companies/1/products");
    for (const auto& item : truth.at("items").as_array()) {
        const auto& product = item.as_object();
        const auto& row = rows.at(str(product, "mkId"));
        REQUIRE(str(row, "name") == str(product, "name"));
        REQUIRE(str(row, "code") == str(product, "code"));
        REQUIRE(str(row, "name_desc") == str(product, "description"));
        REQUIRE((str(row, "activated") == "true") == product.at("active").as_bool());
        if (!str(product, "weight").empty()) {
            REQUIRE(Decimal::parse(str(row, "weight")) == Decimal::parse(str(product, "weight")));
        }
    }
}

TEST_CASE("prices are absent unless asked for, and a page never exceeds 1,000") {
    Erp erp(small_settings());
    Client client(erp);
    const auto page = client.call("json/product_list", {{"limit", "5000"}});
    CHECK(str(page, "product_list_count") == "1000");
    for (const auto& row : list(page, "product_list")) REQUIRE_FALSE(row.contains("pricelist"));
}

TEST_CASE("the wire uses every spelling") {
    Erp erp(small_settings());
    Client client(erp);
    const auto text = client.raw("json/product_list", {{"return_pricelist", "true"}}).body;
    CHECK(text.find("\"sales\":\"true\"") != std::string::npos);
    CHECK(text.find("\"sales\":true") != std::string::npos);
    CHECK(text.find("\"localization\":null") != std::string::npos);
    CHECK(text.find("\"localization\":{") != std::string::npos);
    CHECK(text.find("\"localization\":[{") != std::string::npos);
    std::set<char> seen;
    for (const auto& row : list(boost::json::parse(text).as_object(), "product_list")) {
        if (!row.contains("weight")) continue;
        seen.insert(row.at("weight").is_string()
                        ? (str(row, "weight").find(',') != std::string::npos ? ',' : '.')
                        : '#');
    }
    CHECK(seen == std::set<char>{',', '.', '#'});
}

TEST_CASE("the wrong path family is an HTML 404, a wrong key is code 3") {
    Erp erp(small_settings());
    Client client(erp);
    for (const auto* path : {"product_list", "json/search", "nonsense"}) {
        const auto reply = client.raw(path, {});
        CHECK(reply.status == 404);
        CHECK(reply.content_type.starts_with("text/html"));
    }
    CHECK(str(client.call("json/product_list", {{"secret_key", "wrong"}}), "opr_code") == "3");
    client.admin("POST", "companies/1/secret", {{"secretKey", "new"}});
    CHECK(str(client.call("json/warehouse_list", {}), "opr_code") == "3");
    CHECK(str(client.call("json/warehouse_list", {{"secret_key", "new"}}), "opr_code") == "0");
}

TEST_CASE("stock rows add up to the canonical stock") {
    Erp erp(small_settings());
    Client client(erp);
    std::map<std::string, Decimal> sums;
    for (std::size_t offset = 0;; offset += 1000) {
        const auto rows = list(client.call("json/warehouse_stock", {{"offset", offset}}), "stock_list");
        for (const auto& row : rows)
            sums[str(row, "mk_id") + '/' + str(row, "warehouse_id")] += *Decimal::parse(str(row, "amount"));
        if (rows.size() < 1000) break;
    }
    const auto truth = client.admin("GET", "companies/1/stock");
    CHECK(truth.at("items").as_array().size() == sums.size());
    for (const auto& item : truth.at("items").as_array()) {
        REQUIRE(sums.at(str(item.as_object(), "mkId")).str() == str(item.as_object(), "amount"));
    }
}

TEST_CASE("reservations disappear when the company keeps none") {
    Erp erp(small_settings());
    Client client(erp);
    CHECK(list(client.call("json/warehouse_stock", {{"limit", 2}}), "stock_list")[0].contains("free_amount"));
    client.admin("POST", "companies/1/options", {{"stockReserved", false}});
    CHECK_FALSE(
        list(client.call("json/warehouse_stock", {{"limit", 2}}), "stock_list")[0].contains("free_amount"));
}

TEST_CASE("searching bills") {
    Erp erp(small_settings());
    Client client(erp);
    const auto search = [&](boost::json::array conditions, std::string type = "sales_bill_domestic") {
        return client.call("search", {{"doc_type", type},
                                      {"result_type", "doc"},
                                      {"limit", "100"},
                                      {"query_advance", std::move(conditions)}});
    };
    const auto all = search({});
    CHECK(std::stoul(str(all, "result_all_records")) > 100);
    CHECK(str(all, "result_count") == "100");
    const auto recent = search({{{"type", "doc_date_from"}, {"value", "2026-05-01+02:00"}}});
    for (const auto& document : list(recent, "result")) REQUIRE(str(document, "doc_date") >= "2026-05-01");
    CHECK(str(search({{{"type", "doc_date_from"}, {"value", "2026-05-01+02:00"}}}, "sales_offer"),
              "opr_code") == "2");
    const boost::json::array changed{{{"type", "last_change_from"}, {"value", "2026-05-01T00:00:00+02:00"}}};
    CHECK(str(search(changed), "opr_code") == "2");
    CHECK(str(search(changed, "sales_order"), "opr_code") == "0");
    client.admin("POST", "companies/1/options", {{"billsLastChange", true}});
    CHECK(str(search(changed), "opr_code") == "0");
    const auto offered = client.call("search_query_advance_discovery", {{"doc_type", "sales_bill_domestic"}});
    CHECK(boost::json::serialize(offered).find("last_change_from") != std::string::npos);
}

TEST_CASE("a partner without opr_code, sweeps as the option says") {
    Erp erp(small_settings());
    Client client(erp);
    const auto all = client.call("get_partner", {{"partner_email", "@"}});
    CHECK_FALSE(all.contains("opr_code"));
    CHECK(list(all, "partner_list").size() > 50);
    const auto some = client.call("get_partner", {{"partner_name", "a"}});
    client.admin("POST", "companies/1/options", {{"partnerSweep", "capped"}, {"sweepCap", 10}});
    CHECK(list(client.call("get_partner", {{"partner_name", "a"}}), "partner_list").size() == 10);
    client.admin("POST", "companies/1/options", {{"partnerSweep", "nothing"}});
    CHECK(list(client.call("get_partner", {{"partner_name", "a"}}), "partner_list").empty());
    const auto id = str(list(some, "partner_list").front(), "mk_id");
    CHECK(str(list(client.call("get_partner", {{"partner_id", id}}), "partner_list").front(), "mk_id") == id);
}
