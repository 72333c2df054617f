// Decoders: every odd spelling of metakocka-api.md §3 is read, nonsense is put aside by name.
#include <catch2/catch.hpp>

#include "api/decode.hpp"
#include "api/json_text.hpp"
#include "model/lines.hpp"
#include "model_random.hpp"

using namespace metakocka;
using namespace metakocka::api;

namespace {

const PriceChoice kToday{std::nullopt, "2026-08-15"};

sync::ErpRow product(const std::string& json, const PriceChoice& choice = kToday) {
    return decode_product(JsonText(json).root(), choice);
}
sync::ErpRow bill(const std::string& json) {
    return decode_bill(JsonText(json).root(), sync::BillType::kDomestic);
}

}  // namespace

TEST_CASE("numbers keep their text") {
    const JsonText text(R"( {"a": 0.10000000000000000555, "b": -12, "c": 18446744073709551616, "d": 1E-7} )");
    const auto& object = text.root().get_object();
    CHECK(object.at("a").get_string() == "0.10000000000000000555");
    CHECK(object.at("b").get_string() == "-12");
    CHECK(object.at("c").get_string() == "18446744073709551616");
    CHECK(object.at("d").get_string() == "1E-7");
    for (const char* broken : {"", "{", "{} x", "<html>", R"({"a":1)", R"({"a":01})", R"({"a":NaN})"}) {
        INFO(broken);
        CHECK_THROWS_AS(JsonText(broken), std::invalid_argument);
    }
}

TEST_CASE("a product in every spelling") {
    const auto row = product(R"({"mk_id":1600000027,"code":"Š-1","name":"¨Ime \"x\"","name_desc":"<b>č</b>",
        "unit":"kos","barcode":null,"weight":"7,3","sales":true,"purchasing":"false","service":"",
        "activated":"false","unknown":{"x":[1]},"localization":{"language":"en"},
        "pricelist":{"count_code":"c","price_def":{"price_with_tax":20,"tax":"EX4","tax_factor":"0,22"},
                     "sales_purchase":"sales","currency_code":"EUR"}})");
    REQUIRE(row.problem.empty());
    CHECK(row.record.erp_id == "1600000027");
    CHECK_FALSE(row.record.active);
    CHECK(row.record.at("name") == Value("¨Ime \"x\""));
    CHECK(row.record.at("description") == Value("<b>č</b>"));
    CHECK(row.record.at("barcode") == Value());
    CHECK(row.record.at("weight") == Value("7.3"));
    CHECK(row.record.at("sellable") == Value("true"));
    CHECK(row.record.at("purchasable") == Value("false"));
    CHECK(row.record.at("service") == Value());
    CHECK(row.record.at("price") == Value("16.393442623"));
    CHECK(row.record.at("taxRate") == Value("22"));
    CHECK(row.record.at("currency") == Value("EUR"));
}

TEST_CASE("nonsense names the product and the field") {
    CHECK(product(R"({"mk_id":"123","weight":"abc"})").problem ==
          "product 123: weight: “abc” is not a number");
    CHECK(product(R"({"mk_id":"123","sales":"maybe"})").problem ==
          "product 123: sales: “maybe” is neither true nor false");
    CHECK(product(R"({"mk_id":"123","name":{}})").problem ==
          "product 123: name: holds neither a text nor a number");
    CHECK(product(R"({"name":"x"})").problem == "product: mk_id: is missing");
    CHECK(product(R"("x")").problem == "product: a row is not an object");
    CHECK(product(R"({"mk_id":"1","pricelist":"x"})").problem == "product 1: pricelist: is not a list");
    CHECK(product(R"({"mk_id":"1","pricelist":{"price_def":{"price_with_tax":"1"}}})").problem ==
          "product 1: tax_factor: is missing, so price_with_tax can't be made net");
    CHECK(product(R"({"mk_id":"1","weight":"x"})").record == Record(RecordKind::kProducts, "1"));
}

TEST_CASE("the first sales pricelist valid today counts, by its lowest step") {
    const std::string lists = R"({"mk_id":"1","pricelist":[
        {"count_code":"B","sales_purchase":"purchase","price_def":{"price":"1"}},
        {"count_code":"OLD","sales_purchase":"sales","valid_to":"2026-08-14+02:00","price_def":{"price":"2"}},
        {"count_code":"NEW","sales_purchase":"sales","valid_from":"2026-08-16+02:00","price_def":{"price":"3"}},
        {"count_code":"A","sales_purchase":"sales","valid_from":"2026-08-15+02:00","valid_to":"2026-08-15+02:00",
         "price_def":{"amount_from":"10","price":"4"}},
        {"count_code":"A","sales_purchase":"sales","price_def":{"amount_to":"10","price":"5","tax_desc":"9,5"}},
        {"count_code":"C","sales_purchase":"sales","currency_code":"USD",
         "price_def":[{"price":"7","amount_from":"5"},{"price":"6"}]}]})";
    CHECK(product(lists).record.at("price") == Value("5"));
    CHECK(product(lists).record.at("taxRate") == Value("9.5"));
    CHECK(product(lists, {Value("C"), "2026-08-15"}).record.at("price") == Value("6"));
    CHECK(product(lists, {Value("C"), "2026-08-15"}).record.at("currency") == Value("USD"));
    CHECK(product(lists, {Value("OLD"), "2026-08-15"}).record.at("price") == Value());
    CHECK(product(lists, {Value("nowhere"), "2026-08-15"}).record.at("price") == Value());
    CHECK(product(R"({"mk_id":"1"})").record.at("price") == Value());
}

TEST_CASE("partners: the first person that has one, the address named Račun") {
    const auto row = decode_partner(JsonText(R"({"mk_id":"5","customer":"Žižek","tax_id_number":"SI 12345678",
        "business_entity":"true","buyer":true,"supplier":0,
        "partner_contact_list":[{"name":"A","email":"","gsm":"041"},{"email":"b@x.si","phone":"01","gsm":"031"}],
        "partner_delivery_address_list":[{"address_type":"Dobava","street":"D"},
            {"address_type":"Račun","street":"R","post_number":1000,"city":"Ljubljana","country":"Slovenija"}]})")
                                        .root());
    REQUIRE(row.problem.empty());
    CHECK(row.record.at("email") == Value("b@x.si"));
    CHECK(row.record.at("mobile") == Value("041"));
    CHECK(row.record.at("phone") == Value("01"));
    CHECK(row.record.at("street") == Value("R"));
    CHECK(row.record.at("postNumber") == Value("1000"));
    CHECK(row.record.at("taxNumber") == Value("SI 12345678"));
    CHECK(row.record.at("isSupplier") == Value("false"));
    const auto bare = decode_partner(JsonText(R"({"mk_id":"5","partner_contact_list":{"email":"a"},
        "partner_delivery_address_list":{"street":"S","place":"P"}})")
                                         .root());
    CHECK(bare.record.at("email") == Value("a"));
    CHECK(bare.record.at("city") == Value("P"));
}

TEST_CASE("a bill with its sums, status, lines and partners") {
    const std::string json =
        R"({"mk_id":"9","opr_code":"0","doc_type":"sales_bill_credit_note","count_code":"R-1",
        "doc_date":"2026-01-31T00:30:00+01:00","duo_payment":"15.02.2026","currency_code":"EUR",
        "partner":{"mk_id":7,"customer":"Novak","place":"Kamnik","partner_contact":{"gsm":"040"}},
        "receiver":{"mk_id":"8"},"sum_basic":"-1.895,01","sum_tax_ex4":"-4,47","sum_tax_ex3":-0.5,"sum_tax_ex1":"",
        "sum_all":"-1899.98","sum_paid":null,
        "product_list":[{"mk_id":"3","code":"K","amount":"2","price":"3.10","discount":"22;23","tax":"EX4",
                         "tax_factor":"0.22","tax_desc":"22"},
                        {"name":"prosto besedilo","amount":1,"price_with_tax":"12,2","tax_factor":0.22}]})";
    const auto row = bill(json);
    REQUIRE(row.problem.empty());
    CHECK(row.record.at("kind") == Value("credit_note"));
    CHECK(row.record.at("date") == Value("2026-01-31"));
    CHECK(row.record.at("dueDate") == Value("2026-02-15"));
    CHECK(row.record.at("contactId") == Value("7"));
    CHECK(row.record.at("net") == Value("-1895.01"));
    CHECK(row.record.at("tax") == Value("-4.97"));
    CHECK(row.record.at("paid") == Value("0"));
    CHECK(row.record.at("status") == Value("unpaid"));
    const auto lines = parse_lines(*row.record.at("lines"));
    REQUIRE(lines.size() == 2);
    CHECK(lines[0].discount == Value("39.94"));
    CHECK(lines[0].price == Value("3.1"));
    CHECK(lines[0].tax_rate == Value("22"));
    CHECK(lines[1].price == Value("10"));
    CHECK(lines[1].product_id == Value());
    std::vector<sync::ErpRow> partners;
    collect_partners(JsonText(json).root(), partners);
    collect_partners(JsonText(json).root(), partners);
    REQUIRE(partners.size() == 2);
    CHECK(partners[0].record.erp_id == "7");
    CHECK(partners[0].record.at("mobile") == Value("040"));
}

TEST_CASE("paid, partly paid, unpaid") {
    const auto status = [](const std::string& members) {
        return bill(R"({"mk_id":"1",)" + members + "}").record.at("status");
    };
    CHECK(status(R"("sum_all":"10","sum_paid":"10.00")") == Value("paid"));
    CHECK(status(R"("sum_all":"10","sum_paid":"9,99")") == Value("partly_paid"));
    CHECK(status(R"("sum_all":"-10","sum_paid":"-10")") == Value("paid"));
    CHECK(status(R"("sum_all":"10")") == Value("unpaid"));
    CHECK(status(R"("sum_all":"0")") == Value("paid"));
    CHECK(status(R"("sum_all":"10","payment_status":"partly_paid")") == Value("partly_paid"));
}

TEST_CASE("bills that are none, and lines with nonsense") {
    CHECK(bill(R"({"mk_id":"1","doc_type":"sales_order"})").problem ==
          "bill 1: doc_type: “sales_order” is not a bill");
    CHECK(bill(R"({"mk_id":"1","product_list":[{},{"amount":"x"}]})").problem ==
          "bill 1: line 2: amount: “x” is not a number");
    CHECK(bill(R"({"mk_id":"1","doc_date":"31.02.2026"})").problem ==
          "bill 1: doc_date: “31.02.2026” is not a date");
    CHECK(bill(R"({"mk_id":"1","product_list":""})").record.at("lines") == Value("[]"));
}

TEST_CASE("stock rows find their warehouse's mark") {
    const JsonText list(R"({"warehouse_list":{"mk_id":42,"mark":"oznaka1"}})");
    const Warehouses warehouses(list.root().get_object());
    const auto stock = [&](const char* json) { return decode_stock(JsonText(json).root(), warehouses); };
    const auto row =
        stock(R"({"mk_id":"1","warehouse_id":"42","amount":"-21","reserved_amount":1,"free_amount":-22})");
    REQUIRE(row.problem.empty());
    CHECK(row.warehouse == "oznaka1");
    CHECK(row.amount == "-21");
    CHECK(row.reserved == Value("1"));
    CHECK(stock(R"({"mk_id":"1","warehouse_mark":"oznaka1","amount":1})").warehouse_id == "42");
    CHECK(stock(R"({"mk_id":"1","warehouse_id":"42","amount":"1"})").reserved == Value());
    CHECK(stock(R"({"mk_id":"1","warehouse_id":"42"})").problem == "stock of product 1: amount: is missing");
    CHECK(stock(R"({"mk_id":"1","warehouse_id":"43","amount":1})").problem ==
          "stock of product 1: warehouse_id: “43” is not in the warehouse list");
}

TEST_CASE("generated nonsense never ends a page") {
    test::Random random;
    INFO(random.replay());
    const std::vector<std::string> values{"null",      "\"\"",         "\"x\"",   "1",
                                          "-1.5e3",    "true",         "{}",      "[]",
                                          "[{}]",      "[1]",          "\"1,5\"", "\"2026-01-01+02:00\"",
                                          "\"1.2.3\"", "{\"mk_id\":1}"};
    const std::vector<std::string> names{"code",
                                         "name",
                                         "sales",
                                         "weight",
                                         "pricelist",
                                         "price_def",
                                         "partner",
                                         "receiver",
                                         "doc_date",
                                         "sum_all",
                                         "sum_paid",
                                         "product_list",
                                         "amount",
                                         "sum_tax_ex4",
                                         "discount",
                                         "tax_factor",
                                         "opr_code",
                                         "warehouse_id",
                                         "partner_contact_list",
                                         "partner_delivery_address_list",
                                         "customer"};
    for (int i = 0; i < 3000; ++i) {
        std::string json = R"({"mk_id":"1")";
        for (std::size_t n = random.below(8); n > 0; --n)
            json += ",\"" + random.of(names) + "\":" + random.of(values);
        json += '}';
        INFO(json);
        const JsonText text(json);
        std::vector<sync::ErpRow> partners;
        REQUIRE_NOTHROW(decode_product(text.root(), kToday));
        REQUIRE_NOTHROW(decode_partner(text.root()));
        REQUIRE_NOTHROW(decode_bill(text.root(), sync::BillType::kForeign));
        REQUIRE_NOTHROW(collect_partners(text.root(), partners));
    }
}
