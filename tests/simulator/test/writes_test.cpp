#include <catch2/catch.hpp>

#include "support.hpp"

using namespace metakocka::sim;
using namespace metakocka::sim::test;

namespace {

boost::json::object some_bill(Client& client) {
    const auto found =
        client.call("search", {{"doc_type", "sales_bill_domestic"}, {"result_type", "doc"}, {"limit", "50"}});
    const auto product = list(client.call("json/product_list", {{"limit", 2}}), "product_list").front();
    for (const auto& bill : list(found, "result")) {
        const auto partner = bill.at("partner").as_object();
        if (str(partner, "mk_address_id").empty()) continue;
        return {
            {"doc_type", "sales_bill_domestic"},
            {"doc_date", "07.08.2026"},
            {"buyer_order", "CRM-1"},
            {"customer_order", "lost"},
            {"partner", {{"mk_id", str(partner, "mk_id")}, {"mk_address_id", str(partner, "mk_address_id")}}},
            {"product_list",
             boost::json::array{
                 {{"code", str(product, "code")}, {"amount", "2"}, {"price", "10"}, {"tax", "EX4"}}}}};
    }
    return {};
}

}  // namespace

TEST_CASE("a repeated put_document makes a second document under another number") {
    Erp erp(small_settings());
    Client client(erp);
    auto bill = some_bill(client);
    bill["count_code"] = "MOJA-1";
    const auto first = client.call("put_document", bill);
    const auto second = client.call("put_document", bill);
    REQUIRE(str(first, "opr_code") == "0");
    CHECK(str(first, "count_code") == "MOJA-1");
    CHECK(str(second, "count_code") != "MOJA-1");
    CHECK(str(first, "mk_id") != str(second, "mk_id"));
    const auto found =
        client.call("search", {{"doc_type", "sales_bill_domestic"},
                               {"query_advance", {{{"type", "buyer_order"}, {"value", "CRM-1"}}}}});
    CHECK(str(found, "result_all_records") == "2");
    const auto truth = client.admin("GET", "companies/1/documents/" + str(first, "mk_id"));
    CHECK(str(truth, "total") == "24.4");
    CHECK(client.admin("GET", "writes").at("writes").as_array().size() == 2);
}

TEST_CASE("dates are taken as dd.mm.yyyy or with the literal +02:00 only") {
    Erp erp(small_settings());
    Client client(erp);
    const auto put = [&](const char* date) {
        auto bill = some_bill(client);
        bill["doc_date"] = date;
        return str(client.call("put_document", bill), "opr_code");
    };
    CHECK(put("15.01.2026") == "0");
    CHECK(put("2026-01-15+02:00") == "0");
    for (const auto* refused : {"2026-01-15", "2026-01-15+01:00", "2026-01-15+00:00", "2026-01-15+0200",
                                "2026-01-15T10:00:00+02:00"}) {
        CHECK(put(refused) == "6");
    }
}

TEST_CASE("what put_document refuses and what it swallows") {
    Erp erp(small_settings());
    Client client(erp);
    auto bill = some_bill(client);
    bill["partner"].as_object().erase("mk_address_id");
    CHECK(str(client.call("put_document", bill), "opr_code") == "2");
    bill = some_bill(client);
    bill["product_list"].as_array()[0].as_object().erase("tax");
    CHECK(str(client.call("put_document", bill), "opr_code") == "2");
    bill = some_bill(client);
    bill["product_list"].as_array()[0].as_object()["code"] = "neznana";
    CHECK(str(client.call("put_document", bill), "opr_code") == "8");
    bill["product_list"].as_array()[0].as_object()["unit"] = "kos";
    CHECK(str(client.call("put_document", bill), "opr_code") == "0");
    CHECK(list(client.call("json/product_list", {{"code", "neznana"}}), "product_list").size() == 1);
    bill = some_bill(client);
    bill["profit_center"] = "X";
    CHECK(str(client.call("put_document", bill), "opr_desc_app") == "Profit center 'X' doesn't exist.");
    bill = some_bill(client);
    bill["warehouse"] = "neznano";
    const auto id = str(client.call("put_document", bill), "mk_id");
    const auto document = client.call("get_document", {{"doc_type", "sales_bill_domestic"}, {"doc_id", id}});
    CHECK(str(document, "warehouse") == "SK0005");
}

TEST_CASE("get_document takes doc_id, and tells when the document is gone") {
    Erp erp(small_settings());
    Client client(erp);
    const auto id = str(client.call("put_document", some_bill(client)), "mk_id");
    CHECK(str(client.call("get_document", {{"doc_type", "sales_bill_domestic"}, {"mk_id", id}}),
              "opr_code") == "2");
    client.admin("DELETE", "companies/1/documents/" + id);
    const auto gone = client.call("get_document", {{"doc_type", "sales_bill_domestic"}, {"doc_id", id}});
    CHECK(str(gone, "opr_desc") == "Cannot find document type sales_bill_domestic with id = " + id + ".");
}

TEST_CASE("an order raises the reservation and leaves the amount") {
    Erp erp(small_settings());
    Client client(erp);
    const auto before = client.admin("GET", "companies/1/stock").at("items").as_array().front().as_object();
    auto order = some_bill(client);
    order["doc_type"] = "sales_order";
    order["warehouse"] = str(before, "warehouse");
    auto& line = order["product_list"].as_array()[0].as_object();
    line.erase("code");
    line["mk_id"] = str(before, "productMkId");
    REQUIRE(str(client.call("put_document", order), "opr_code") == "0");
    const auto after = client.admin("GET", "companies/1/stock/" + str(before, "mkId"));
    CHECK(str(after, "amount") == str(before, "amount"));
    CHECK(*Decimal::parse(str(after, "reserved")) == *Decimal::parse(str(before, "reserved")) + Decimal(2));
}

TEST_CASE("products: empty leaves, the marker clears, the wrong price name is refused") {
    Erp erp(small_settings());
    Client client(erp);
    const auto made = client.call("json/product_add",
                                  {{"code", "NOV"}, {"name", "Nov"}, {"unit", "kos"}, {"barcode", "1"}});
    const auto id = str(made, "mk_id");
    client.call("json/product_update", {{"mk_id", id}, {"name", "Novejši"}, {"barcode", ""}});
    CHECK(str(client.admin("GET", "companies/1/products/" + id), "barcode") == "1");
    client.call("json/product_update", {{"mk_id", id}, {"barcode", "$REMOVE_STRING_VALUE$"}});
    CHECK(client.admin("GET", "companies/1/products/" + id).at("barcode").is_null());
    const auto with = [&](const char* name) {
        const boost::json::object price{{name, "8"}, {"tax", "EX4"}};
        return client.call("json/product_update",
                           {{"mk_id", id}, {"pricelist", {{{"count_code", "C"}, {"price_def", price}}}}});
    };
    CHECK(str(with("price"), "opr_code") == "0");
    CHECK(str(with("price_with_tax"), "opr_code") == "2");
    CHECK(str(client.admin("GET", "companies/1/products/" + id), "name") == "Novejši");
}

TEST_CASE("partners: a second one with the same tax number is not refused") {
    Erp erp(small_settings());
    Client client(erp);
    const boost::json::object partner{{"customer", "Čebelica"},
                                      {"tax_id_number", "SI99999999"},
                                      {"place", "Bled"},
                                      {"partner_contact", {{"email", "a@b.si"}}}};
    const auto first = client.call("add_partner", {{"partner", partner}});
    client.call("add_partner", {{"partner", partner}});
    CHECK_FALSE(first.contains("opr_code"));
    CHECK(list(client.call("get_partner", {{"partner_tax_number", "99999999"}}), "partner_list").size() == 2);
    client.call("update_partner", {{"partner", {{"mk_id", str(first, "mk_id")}, {"customer", "Nova"}}}});
    const auto truth = client.admin("GET", "companies/1/partners/" + str(first, "mk_id"));
    CHECK(str(truth, "name") == "Nova");
    CHECK(str(truth, "city") == "Bled");
    CHECK(str(truth, "email") == "a@b.si");
}

TEST_CASE("issued bills cannot be changed or deleted") {
    Erp erp(small_settings());
    Client client(erp);
    const auto id = str(client.call("put_document", some_bill(client)), "mk_id");
    client.admin("PATCH", "companies/1/documents/" + id, {{"issued", true}});
    auto bill = some_bill(client);
    bill["mk_id"] = id;
    CHECK(str(client.call("put_document", bill), "opr_code") == "6");
    CHECK(str(client.call("delete_document", {{"doc_type", "sales_bill_domestic"}, {"doc_id", id}}),
              "opr_code") == "6");
}
