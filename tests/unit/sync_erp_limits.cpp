// What the ERP takes, told before anything is sent, with the field and the limit.
#include <catch2/catch.hpp>

#include "random_records.hpp"
#include "sync/erp_limits.hpp"

using namespace metakocka;
using namespace metakocka::sync;

namespace {

std::string times(std::size_t count, const std::string& letter) {
    std::string text;
    for (; count > 0; --count) text += letter;
    return text;
}

Record contact(const std::string& name) {
    Record record(RecordKind::kContacts, "");
    record.at("name") = name;
    return record;
}

Record product() {
    Record record(RecordKind::kProducts, "");
    record.at("code") = "K";
    record.at("name") = "Kladivo";
    record.at("unit") = "kos";
    return record;
}

}  // namespace

TEST_CASE("a limit is told with the field, its length and the limit") {
    CHECK(beyond_limits(contact(times(100, "č")), nullptr).empty());
    CHECK(beyond_limits(contact(times(117, "č")), nullptr) ==
          "name is 117 characters long; Metakocka takes 100");
    // An emoji is two characters in Java.
    CHECK(beyond_limits(contact(times(50, "😀")), nullptr).empty());
    CHECK(beyond_limits(contact(times(51, "😀")), nullptr) ==
          "name is 102 characters long; Metakocka takes 100");
    const std::tuple<const char*, std::size_t, bool> limits[] = {
        {"taxNumber", 50, true},    {"registrationNumber", 50, true},
        {"email", 255, true},       {"street", 150, true},
        {"postNumber", 20, true},   {"country", 50, true},
        {"code", 50, false},        {"name", 200, false},
        {"description", 700, false}};
    for (const auto& [field, most, of_contact] : limits) {
        INFO(field);
        Record record = of_contact ? contact("x") : product();
        record.at(field) = times(most, "ž");
        CHECK(check_limits(record, nullptr).empty());
        record.at(field) = times(most + 1, "ž");
        const auto problems = check_limits(record, nullptr);
        REQUIRE(problems.size() == 1);
        CHECK(problems.front().field == field_index(record.kind, field));
        CHECK(problems.front().text == std::string(field) + " is " + std::to_string(most + 1) +
                                           " characters long; Metakocka takes " + std::to_string(most));
    }
}

TEST_CASE("mandatory fields, all problems at once") {
    CHECK(beyond_limits(Record(RecordKind::kContacts, ""), nullptr) == "name is empty; Metakocka needs it");
    CHECK(beyond_limits(Record(RecordKind::kProducts, ""), nullptr) ==
          "code is empty; Metakocka needs it; name is empty; Metakocka needs it; unit is empty; Metakocka "
          "needs it");
    CHECK(check_limits(product(), nullptr).empty());
}

TEST_CASE("what the ERP has already is not judged") {
    Record erp = contact(times(300, "a"));
    Record wanted = erp;
    wanted.at("phone") = "01";
    CHECK(check_limits(wanted, &erp).empty());
    wanted.at("name") = times(299, "a");
    CHECK(check_limits(wanted, &erp).size() == 1);
    wanted.at("name").reset();
    CHECK(beyond_limits(wanted, &erp) == "name is empty; Metakocka needs it");
    Record without_unit = product();
    without_unit.at("unit").reset();
    Record renamed = without_unit;
    renamed.at("name") = "Kladivo 2";
    CHECK(check_limits(renamed, &without_unit).empty());
}

TEST_CASE("the marker that clears can't be a product's value") {
    Record record = product();
    record.at("description") = std::string(kRemoveMarker);
    CHECK(beyond_limits(record, nullptr) ==
          "description is $REMOVE_STRING_VALUE$, which tells Metakocka to clear it; write something else");
    CHECK(check_limits(contact(std::string(kRemoveMarker)), nullptr).empty());
}

TEST_CASE("generated records within the limits pass") {
    test::Random random;
    INFO(random.replay());
    for (std::size_t i = 0; i < 500; ++i) {
        CHECK(beyond_limits(test::random_contact(random), nullptr).empty());
        CHECK(beyond_limits(test::random_product(random, i), nullptr).empty());
    }
}

TEST_CASE("what the ERP can do with each kind") {
    const ErpAbilities contacts = erp_abilities(RecordKind::kContacts);
    CHECK_FALSE(contacts.deactivates);
    for (std::size_t i = 0; i < contacts.writable.size(); ++i) CHECK(contacts.writable[i]);
    CHECK_FALSE(contacts.clearable[field_index(RecordKind::kContacts, "name")]);
    CHECK_FALSE(contacts.clearable[field_index(RecordKind::kContacts, "isCompany")]);
    CHECK(contacts.clearable[field_index(RecordKind::kContacts, "email")]);
    const ErpAbilities products = erp_abilities(RecordKind::kProducts);
    CHECK(products.deactivates);
    for (const FieldSpec& field : schema(RecordKind::kProducts)) {
        INFO(field.name);
        const std::size_t i = field_index(RecordKind::kProducts, field.name);
        const bool price = field.name == "price" || field.name == "currency" || field.name == "taxRate";
        CHECK(products.writable[i] != price);
        CHECK(products.clearable[i] == (field.name == "description" || field.name == "barcode"));
    }
    for (const RecordKind kind : {RecordKind::kInvoices, RecordKind::kInventory}) {
        const ErpAbilities none = erp_abilities(kind);
        CHECK_FALSE(none.deactivates);
        for (std::size_t i = 0; i < none.writable.size(); ++i) CHECK_FALSE(none.writable[i]);
    }
}
