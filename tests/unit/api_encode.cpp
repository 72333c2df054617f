// Encoders: what is written reads back as the same record; what can't be expressed is left out, never
// guessed.
#include <catch2/catch.hpp>

#include <boost/json.hpp>

#include "api/decode.hpp"
#include "api/encode.hpp"
#include "api/json_text.hpp"
#include "random_records.hpp"

using namespace metakocka;
using namespace metakocka::api;
namespace json = boost::json;

namespace {

const PriceChoice kToday{std::nullopt, "2026-08-15"};

json::object* with_id(json::object& row, const char* list, const json::value& id) {
    for (json::value& part : row[list].as_array()) {
        if (part.as_object().at("mk_id") == id) return &part.as_object();
    }
    return nullptr;
}

// The ERP's side of update_partner, for rows whose lists are arrays.
void apply_list(json::object& row, const char* list, const json::object& sent) {
    const json::value* const entries = sent.if_contains(list);
    if (entries == nullptr) return;
    for (const json::value& value : entries->as_array()) {
        json::object entry = value.as_object();
        entry.erase("place");
        json::object* part = nullptr;
        if (const json::value* const id = entry.if_contains("mk_id")) {
            part = with_id(row, list, *id);
            REQUIRE(part != nullptr);
        } else {
            entry["mk_id"] = "new-" + std::to_string(row[list].as_array().size());
            part = &row[list].as_array().emplace_back(json::object()).as_object();
        }
        for (const auto& member : entry) (*part)[member.key()] = member.value();
    }
}

json::object applied(json::object row, const json::object& body) {
    if (body.empty()) return row;
    const json::object& sent = body.at("partner").as_object();
    REQUIRE(sent.at("mk_id") == row.at("mk_id"));
    for (const auto& member : sent) {
        if (member.value().is_string()) row[member.key()] = member.value();
    }
    apply_list(row, "partner_contact_list", sent);
    apply_list(row, "partner_delivery_address_list", sent);
    return row;
}

json::object random_row(test::Random& random) {
    json::object row{{"mk_id", "7"}, {"customer", random.text()}, {"buyer", "true"}};
    json::array persons;
    for (std::size_t i = random.below(4); i > 0; --i) {
        json::object person{{"mk_id", "p" + std::to_string(i)}, {"name", random.text()}};
        for (const char* const name : {"email", "phone", "gsm"}) {
            if (random.chance(50)) person[name] = random.text();
        }
        persons.push_back(std::move(person));
    }
    json::array addresses;
    for (std::size_t i = random.below(4); i > 0; --i) {
        addresses.push_back({{"mk_id", "a" + std::to_string(i)},
                             {"address_type", random.chance(40) ? "Račun" : "Dobava"},
                             {"street", random.text()},
                             {"city", random.text()}});
    }
    row["partner_contact_list"] = std::move(persons);
    row["partner_delivery_address_list"] = std::move(addresses);
    return row;
}

std::size_t holders(const json::object& row, const std::string& name) {
    std::size_t count = 0;
    for (const json::value& person : row.at("partner_contact_list").as_array()) {
        count += person.as_object().contains(name) ? 1U : 0U;
    }
    return count;
}

Record decoded(const json::object& row) {
    auto result = decode_partner(JsonText(json::serialize(row)).root());
    REQUIRE(result.problem.empty());
    return std::move(result.record);
}

json::object with_member(json::object object, const char* name, const char* value) {
    object[name] = value;
    return object;
}

}  // namespace

TEST_CASE("a new contact reads back as it was written") {
    test::Random random;
    INFO(random.replay());
    for (int i = 0; i < 300; ++i) {
        Record wanted = test::random_contact(random);
        json::object partner = encode_new_partner(wanted).at("partner").as_object();
        partner["mk_id"] = wanted.erp_id = "12";
        const JsonText text(json::serialize(partner));
        const auto row = decode_document_partner(text.root().get_object());
        REQUIRE(row.problem.empty());
        REQUIRE(row.record == wanted);
    }
}

TEST_CASE("a product reads back as it was written") {
    test::Random random;
    INFO(random.replay());
    for (std::size_t i = 0; i < 300; ++i) {
        Record wanted = test::random_product(random, i);
        wanted.erp_id = "12";
        const json::object body = with_member(encode_new_product(wanted), "mk_id", "12");
        CHECK(body.at("count_code") == body.at("code"));
        const JsonText text(json::serialize(body));
        REQUIRE(decode_product(text.root(), kToday).record == wanted);
    }
}

TEST_CASE("a change of a contact reads back as wanted, but for what can't be said") {
    test::Random random;
    INFO(random.replay());
    for (int i = 0; i < 1000; ++i) {
        const json::object row = random_row(random);
        Record wanted = test::random_contact(random);
        wanted.erp_id = "7";
        const PartnerChange first = encode_partner_change(row, wanted);
        json::object after = applied(row, first.body);
        CHECK(first.incomplete == (row.at("partner_contact_list").as_array().empty() &&
                                   row.at("partner_delivery_address_list").as_array().empty() &&
                                   (wanted.at("email") || wanted.at("phone") || wanted.at("mobile"))));
        if (first.incomplete) {
            const PartnerChange second = encode_partner_change(after, wanted);
            CHECK_FALSE(second.incomplete);
            after = applied(after, second.body);
        }
        const Record now = decoded(after);
        const Record before = decoded(row);
        for (std::size_t field = 0; field < wanted.values.size(); ++field) {
            INFO(schema(wanted.kind)[field].name << " in " << json::serialize(row));
            const auto name = schema(wanted.kind)[field].name;
            const bool flag = schema(wanted.kind)[field].type == FieldType::kFlag;
            const bool hidden = (name == "email" && holders(row, "email") > 1) ||
                                (name == "phone" && holders(row, "phone") > 1) ||
                                (name == "mobile" && holders(row, "gsm") > 1);
            const bool unsaid = !wanted.values[field] && (flag || hidden);
            REQUIRE(now.values[field] == (unsaid ? before.values[field] : wanted.values[field]));
        }
        // Applied already: nothing but the unsayable is left, so nothing is sent again.
        CHECK(encode_partner_change(after, wanted).body.empty());
    }
}

TEST_CASE("a change names only what differs") {
    const json::object row{{"mk_id", "7"},
                           {"customer", "Čebelca"},
                           {"partner_contact_list", {{"mk_id", "p"}, {"email", "a@b.si"}}},
                           {"partner_delivery_address_list", {{"mk_id", "a"}, {"city", "Bled"}}}};
    Record wanted = decoded(row);
    CHECK(encode_partner_change(row, wanted).body.empty());
    wanted.at("city") = "Žiri";
    wanted.at("phone") = "01";
    const auto body = encode_partner_change(row, wanted).body;
    CHECK(json::serialize(body) ==
          R"({"partner":{"partner_contact_list":[{"phone":"01","mk_id":"p"}],)"
          R"("partner_delivery_address_list":[{"place":"Žiri","city":"Žiri","mk_id":"a"}],"mk_id":"7"}})");
}

TEST_CASE("parts without an id are not touched") {
    const json::object row{{"mk_id", "7"},
                           {"customer", "Čebelca"},
                           {"partner_contact_list", {{"email", "a@b.si"}}},
                           {"partner_delivery_address_list", {{"city", "Bled"}}}};
    Record wanted = decoded(row);
    wanted.at("email") = "c@d.si";
    wanted.at("mobile") = "040";
    wanted.at("city") = "Žiri";
    CHECK(encode_partner_change(row, wanted).body.empty());
}

TEST_CASE("a change of a product clears by the marker and leaves out what the ERP can't clear") {
    test::Random random;
    Record before = test::random_product(random, 1);
    before.erp_id = "12";
    before.at("description") = "opis";
    before.at("barcode") = "383";
    before.at("weight") = "1.5";
    before.at("price") = "2";
    before.active = true;
    Record wanted = before;
    CHECK(encode_product_change(before, wanted).empty());
    for (const char* const name : {"description", "barcode", "weight", "unit", "price"})
        wanted.at(name).reset();
    wanted.active = false;
    CHECK(json::serialize(encode_product_change(before, wanted)) ==
          R"({"name_desc":"$REMOVE_STRING_VALUE$","barcode":"$REMOVE_STRING_VALUE$",)"
          R"("activated":"false","mk_id":"12"})");
    wanted = before;
    wanted.at("price") = "3";
    wanted.at("weight").reset();
    CHECK(encode_product_change(before, wanted).empty());
}
