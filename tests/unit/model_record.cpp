// Records as the CRM's fields, as stored text and as fingerprints.
#include <set>

#include <boost/json.hpp>
#include <catch2/catch.hpp>

#include "model/calendar.hpp"
#include "model/lines.hpp"
#include "model/record.hpp"
#include "model_random.hpp"

using namespace metakocka;
namespace json = boost::json;

namespace {

Value value_of(FieldType type, test::Random& random) {
    if (random.chance(25)) return std::nullopt;
    switch (type) {
        case FieldType::kText:
            return random.text();
        case FieldType::kReference:
            return std::to_string(1 + random.below(1'000'000));
        case FieldType::kFlag:
            return random.chance(50) ? "true" : "false";
        case FieldType::kDecimal:
            return random.decimal();
        case FieldType::kDate:
            return "2024-02-29";
        case FieldType::kLines: {
            std::vector<InvoiceLine> lines(random.below(4));
            for (auto& line : lines) {
                line.name = random.text();
                line.price = random.decimal();
            }
            return to_text(lines);
        }
    }
    return std::nullopt;
}

Record record_of(RecordKind kind, test::Random& random) {
    Record record(kind, std::to_string(random.below(1'000'000)));
    record.active = random.chance(80);
    const auto specs = schema(kind);
    for (std::size_t i = 0; i < specs.size(); ++i) record.values[i] = value_of(specs[i].type, random);
    return record;
}

std::vector<std::uint8_t> key() {
    return std::vector<std::uint8_t>(32, 7);
}

}  // namespace

TEST_CASE("generated records survive storing and the CRM's form") {
    test::Random random;
    INFO(random.replay());
    for (int i = 0; i < 2000; ++i) {
        const Record record = record_of(kAllKinds[random.below(4)], random);
        const std::string stored = encode_record(record);
        REQUIRE_FALSE(stored.empty());
        REQUIRE(decode_record(record.kind, record.erp_id, stored) == record);
        REQUIRE(from_fields(record.kind, record.erp_id, to_fields(record)) == record);
    }
}

TEST_CASE("damaged stored records are refused") {
    for (const char* text : {"", "1", "x1", "1a5:abc", "1a5", "1a-----------------", "1ax"}) {
        INFO(text);
        CHECK_THROWS_AS(decode_record(RecordKind::kContacts, "1", text), std::invalid_argument);
    }
}

TEST_CASE("fingerprints tell records apart") {
    const Fingerprinter print{key()};
    Record a(RecordKind::kContacts, "1");
    a.at("name") = "ab";
    a.at("taxNumber") = "c";
    Record b = a;
    CHECK(print(a) == print(b));
    b.at("name") = "a";
    b.at("taxNumber") = "bc";
    CHECK(print(a) != print(b));
    b = a;
    b.at("isSupplier") = "false";
    CHECK(print(a) != print(b));
    b = a;
    b.active = false;
    CHECK(print(a) != print(b));
    Record with_separator(RecordKind::kContacts, "1");
    with_separator.at("name") = "ab1:c";
    CHECK(print(a) != print(with_separator));
    CHECK(print(a) != Fingerprinter{std::vector<std::uint8_t>(32, 8)}(a));
    CHECK_THROWS(Fingerprinter{std::vector<std::uint8_t>(3)});
}

TEST_CASE("fingerprints stay what they were in earlier versions") {
    Record record(RecordKind::kProducts, "1600000027");
    record.at("code") = "prod šifra 1";
    record.at("price") = "16.393442623";
    record.at("sellable") = "true";
    std::string hex;
    for (const auto byte : Fingerprinter{key()}(record)) {
        hex += "0123456789abcdef"[byte >> 4];
        hex += "0123456789abcdef"[byte & 15];
    }
    CHECK(hex == "90b27d528b9f16c5df6ea42158ec5294");
}

TEST_CASE("fields of the wrong type are named") {
    const auto refusal = [](const char* fields) -> std::string {
        try {
            from_fields(RecordKind::kProducts, "1", json::parse(fields).get_object());
        } catch (const std::invalid_argument& error) {
            return error.what();
        }
        return "";
    };
    CHECK(refusal(R"({"price": 1.5})") == "price is not a decimal text");
    CHECK(refusal(R"({"price": "7,3"})") == "price is not a number");
    CHECK(refusal(R"({"sellable": "true"})") == "sellable is not true or false");
    CHECK(refusal(R"({"name": 5})") == "name is not a text");
    CHECK(refusal(R"({"active": "no"})") == "active is not true or false");
    CHECK(refusal(R"({"price": "24.80", "unknown": [], "name": null, "unit": ""})").empty());
    const Record record = from_fields(RecordKind::kProducts, "1",
                                      json::parse(R"({"price": "24.80", "unit": ""})").get_object());
    CHECK(record.at("price") == Value("24.8"));
    CHECK(record.at("unit") == Value());
    CHECK(record.active);
    CHECK_THROWS_AS(field_index(RecordKind::kProducts, "nonsense"), std::logic_error);
}

TEST_CASE("dates are taken as written and must exist") {
    using calendar::parse_wire;
    const std::pair<const char*, const char*> cases[] = {{"2015-05-07+02:00", "2015-05-07"},
                                                         {"2015-05-07T12:53:27+02:00", "2015-05-07"},
                                                         {"2015-12-31T23:59:59+01:00", "2015-12-31"},
                                                         {"2015-01-01T00:10:00.123+02:00", "2015-01-01"},
                                                         {"15.03.2017", "2017-03-15"},
                                                         {"5.3.2017", "2017-03-05"},
                                                         {"2024-02-29", "2024-02-29"},
                                                         {"2015-05-07Z", "2015-05-07"}};
    for (const auto& [wire, expected] : cases) {
        INFO(wire);
        CHECK(parse_wire(wire) == std::string(expected));
    }
    for (const char* wire : {"2023-02-29", "2015-13-01", "31.04.2017", "2015-5-7", "20150507", "2015-05-07x",
                             "2015-05-07T25:00", "15/03/2017", "abc", "2015-05-07+2", "15.03.17"}) {
        INFO(wire);
        CHECK_FALSE(parse_wire(wire));
    }
    CHECK(calendar::to_filter("2026-01-05") == "2026-01-05+02:00");
}

TEST_CASE("lines have one canonical text") {
    const auto lines = parse_lines(R"([{"price":"1.50","code":"a","productId":null,"extra":1}])");
    CHECK(to_text(lines) ==
          R"([{"productId":null,"code":"a","name":null,"quantity":null,"unit":null,"price":"1.5",)"
          R"("discount":null,"taxRate":null}])");
    CHECK_THROWS(parse_lines(R"([{"price":"x"}])"));
    CHECK_THROWS(parse_lines("{}"));
}
