// Writing to the simulator over TLS: what is written is what is read, nobody is overwritten, nothing else
// moves.
#include <catch2/catch.hpp>

#include "live_erp.hpp"
#include "random_records.hpp"
#include "sync/erp_limits.hpp"

using namespace metakocka;
using metakocka::test::LiveErp;
using sync::ErpErrorClass;

namespace {

std::vector<std::string> names(RecordKind kind, const std::vector<std::size_t>& indices) {
    std::vector<std::string> result;
    for (const std::size_t index : indices) result.emplace_back(schema(kind)[index].name);
    return result;
}

ErpErrorClass class_of(const std::function<void()>& call) {
    try {
        call();
    } catch (const sync::ErpError& error) {
        return error.error_class();
    }
    FAIL("no error");
    return ErpErrorClass::kTransient;
}

Record contact(const std::string& name) {
    Record record(RecordKind::kContacts, "");
    record.at("name") = name;
    return record;
}

Record product(const std::string& code) {
    Record record(RecordKind::kProducts, "");
    record.at("code") = code;
    record.at("name") = "Črpalka " + code;
    record.at("unit") = "kos";
    return record;
}

std::size_t holders(const sim::Partner& partner, std::string sim::Contact::*field) {
    std::size_t count = 0;
    for (const auto& person : partner.contacts) count += (person.*field).empty() ? 0U : 1U;
    return count;
}

// What an update must leave alone: the other persons and the other addresses.
void check_untouched(const sim::Partner& before, const sim::Partner& after) {
    CHECK(before.count_code == after.count_code);
    CHECK(before.taxpayer == after.taxpayer);
    const sim::Address* const billing = before.billing_address();
    for (std::size_t i = 0; i < before.addresses.size(); ++i) {
        CHECK(before.addresses[i].type == after.addresses[i].type);
        CHECK(before.addresses[i].province == after.addresses[i].province);
        if (&before.addresses[i] == billing) continue;
        CHECK(before.addresses[i].street == after.addresses[i].street);
        CHECK(before.addresses[i].city == after.addresses[i].city);
    }
    const auto check_field = [&](std::string sim::Contact::*field) {
        bool held = false;
        for (std::size_t i = 0; i < before.contacts.size(); ++i) {
            if (held) CHECK(before.contacts[i].*field == after.contacts[i].*field);
            held = held || !(before.contacts[i].*field).empty();
        }
    };
    check_field(&sim::Contact::email);
    check_field(&sim::Contact::phone);
    check_field(&sim::Contact::gsm);
    for (std::size_t i = 0; i < before.contacts.size(); ++i) {
        CHECK(before.contacts[i].name == after.contacts[i].name);
    }
}

}  // namespace

TEST_CASE("generated contacts are added and read back, in every spelling of the ERP") {
    LiveErp erp;
    test::Random random;
    INFO(random.replay());
    for (int i = 0; i < 60; ++i) {
        const Record wanted = test::random_contact(random);
        const sync::ErpRow row = erp.gateway().add(wanted);
        REQUIRE(row.problem.empty());
        REQUIRE_FALSE(row.record.erp_id.empty());
        for (std::size_t field = 0; field < wanted.values.size(); ++field) {
            INFO(schema(wanted.kind)[field].name);
            if (wanted.values[field]) REQUIRE(row.record.values[field] == wanted.values[field]);
        }
    }
    CHECK(erp.partners() == 150 + 60);
}

TEST_CASE("the ERP's own contacts take generated changes; other persons and addresses stay") {
    LiveErp erp;
    test::Random random;
    INFO(random.replay());
    // Both answers to what nobody knows: how a listed address calls its city.
    const std::string city = random.of<std::string>({"both", "place", "city"});
    INFO(city);
    erp.options({{"addressCity", city}});
    std::vector<sim::Partner> all;
    erp.change([&](sim::Ledger& ledger) { all = ledger.partners; });
    std::size_t bare = 0;
    for (const sim::Partner& before : all) {
        const std::string id = std::to_string(before.mk_id);
        bare += before.contacts.empty() && before.addresses.empty() ? 1U : 0U;
        const Record now = erp.gateway().partners(sync::PartnerKey::kId, id).at(0).record;
        Record wanted = test::random_contact(random);
        wanted.erp_id = id;
        const sync::ErpUpdate update = erp.gateway().update(now, wanted);
        REQUIRE_FALSE(update.changed_meanwhile);
        std::vector<std::string> unsayable;
        for (const FieldSpec& field : schema(wanted.kind)) {
            const bool hidden = (field.name == "email" && holders(before, &sim::Contact::email) > 1) ||
                                (field.name == "phone" && holders(before, &sim::Contact::phone) > 1) ||
                                (field.name == "mobile" && holders(before, &sim::Contact::gsm) > 1);
            if (!wanted.at(field.name) && now.at(field.name) && (hidden || field.type == FieldType::kFlag)) {
                unsayable.emplace_back(field.name);
                wanted.at(field.name) = now.at(field.name);
            }
        }
        CHECK(names(wanted.kind, update.not_taken) == unsayable);
        REQUIRE(update.row.record == wanted);
        CHECK(erp.gateway().partners(sync::PartnerKey::kId, id).at(0).record == wanted);
        check_untouched(before, erp.partner(id));
    }
    CHECK(bare >= 1);  // the case that takes two requests
    CHECK(erp.partners() == all.size());
}

TEST_CASE("generated products are added, changed and read back") {
    LiveErp erp;
    test::Random random;
    INFO(random.replay());
    for (std::size_t i = 0; i < 60; ++i) {
        const Record wanted = test::random_product(random, i);
        const Record added = erp.gateway().add(wanted).record;
        CHECK(added.active == wanted.active);
        for (std::size_t field = 0; field < wanted.values.size(); ++field) {
            INFO(schema(wanted.kind)[field].name);
            if (wanted.values[field]) REQUIRE(added.values[field] == wanted.values[field]);
        }
        Record changed = test::random_product(random, random.chance(50) ? i : i + 1000);
        changed.erp_id = added.erp_id;
        const sync::ErpUpdate update = erp.gateway().update(added, changed);
        std::vector<std::string> kept;
        for (const FieldSpec& field : schema(changed.kind)) {
            if (changed.at(field.name) || !added.at(field.name)) continue;
            if (field.name == "description" || field.name == "barcode") continue;
            kept.emplace_back(field.name);
            changed.at(field.name) = added.at(field.name);
        }
        CHECK(names(changed.kind, update.not_taken) == kept);
        REQUIRE(update.row.record == changed);
    }
    CHECK(erp.products() == 60 + 60);
}

TEST_CASE("nothing is written over what somebody else has changed meanwhile") {
    LiveErp erp;
    const Record before = erp.gateway().add(contact("Žito")).record;
    Record wanted = before;
    wanted.at("phone") = "01 234";
    erp.change([&](sim::Ledger& ledger) {
        ledger.find_partner(std::stoull(before.erp_id))->customer = "Žito d.o.o.";
    });
    erp.calls("");
    const sync::ErpUpdate update = erp.gateway().update(before, wanted);
    CHECK(update.changed_meanwhile);
    CHECK(update.row.record.at("name") == Value("Žito d.o.o."));
    CHECK(update.not_taken.empty());
    CHECK(erp.calls("update_partner") == 0);

    const Record old = erp.gateway().add(product("A-1")).record;
    Record renamed = old;
    renamed.at("name") = "Drugo ime";
    erp.change([&](sim::Ledger& ledger) { ledger.find_product(std::stoull(old.erp_id))->code = "A-2"; });
    const sync::ErpUpdate moved = erp.gateway().update(old, renamed);
    CHECK(moved.changed_meanwhile);
    CHECK(moved.row.record.at("code") == Value("A-2"));
    CHECK(erp.calls("json/product_update") == 0);
}

TEST_CASE("what is gone is said to be gone, and no update makes a new one") {
    LiveErp erp;
    const Record before = erp.gateway().add(product("A-1")).record;
    Record wanted = before;
    wanted.at("unit") = "kg";
    erp.change([&](sim::Ledger& ledger) { ledger.erase_product(std::stoull(before.erp_id)); });
    CHECK(class_of([&] { erp.gateway().update(before, wanted); }) == ErpErrorClass::kNotFound);
    Record nobody = contact("Nihče");
    nobody.erp_id = "1";
    CHECK(class_of([&] { erp.gateway().update(nobody, nobody); }) == ErpErrorClass::kNotFound);
    CHECK(erp.products() == 60);
}

TEST_CASE("the same values again cost no request, and change nothing") {
    LiveErp erp;
    const Record before = erp.gateway().add(contact("Žito")).record;
    erp.calls("");
    CHECK(erp.gateway().update(before, before).row.record == before);
    CHECK(erp.calls("update_partner") == 0);
}

TEST_CASE("clearing: what the ERP ignores is named") {
    LiveErp erp;
    Record wanted = contact("Žito");
    wanted.at("email") = "a@b.si";
    wanted.at("city") = "Bled";
    const Record before = erp.gateway().add(wanted).record;
    Record cleared = before;
    cleared.at("email").reset();
    cleared.at("city").reset();
    cleared.at("name") = "Žito 2";
    erp.options({{"partnerEmptyClears", false}});
    const sync::ErpUpdate ignored = erp.gateway().update(before, cleared);
    CHECK(names(RecordKind::kContacts, ignored.not_taken) == std::vector<std::string>{"email", "city"});
    CHECK(ignored.row.record.at("email") == Value("a@b.si"));
    CHECK(ignored.row.record.at("name") == Value("Žito 2"));
    erp.options({{"partnerEmptyClears", true}});
    CHECK(erp.gateway().update(ignored.row.record, cleared).row.record == cleared);
}

TEST_CASE("a product's price is not written, and its change stops no other write") {
    LiveErp erp;
    const Record before = erp.gateway().add(product("A-1")).record;
    Record wanted = before;
    wanted.at("price") = "12.5";
    wanted.at("weight") = "0.8";
    const sync::ErpUpdate update = erp.gateway().update(before, wanted);
    CHECK(names(RecordKind::kProducts, update.not_taken) == std::vector<std::string>{"price"});
    CHECK(update.row.record.at("weight") == Value("0.8"));
    Record other_price = update.row.record;
    other_price.at("price") = "99";
    Record inactive = other_price;
    inactive.active = false;
    const sync::ErpUpdate off = erp.gateway().update(other_price, inactive);
    CHECK_FALSE(off.changed_meanwhile);
    CHECK_FALSE(off.row.record.active);
}

TEST_CASE("a second product of the same code is refused as one that exists") {
    LiveErp erp;
    const Record first = erp.gateway().add(product("A-1")).record;
    CHECK(class_of([&] { erp.gateway().add(product("A-1")); }) == ErpErrorClass::kAlreadyExists);
    CHECK(erp.products() == 61);
    const auto found = erp.gateway().find_added(product("A-1"));
    REQUIRE(found.size() == 1);
    CHECK(found.front().record == first);
    // Another product that happens to carry the code as its number.
    Record taken = product("16001");
    erp.change([&](sim::Ledger& ledger) { ledger.products.front().count_code = "16001"; });
    erp.options({{"countCodeUnique", true}});
    CHECK(class_of([&] { erp.gateway().add(taken); }) == ErpErrorClass::kAlreadyExists);
    erp.options({{"countCodeUnique", false}});
    CHECK(erp.gateway().add(taken).record.at("code") == Value("16001"));
}

TEST_CASE("the limits told before are those of the ERP") {
    LiveErp erp;
    test::Random random;
    INFO(random.replay());
    const std::tuple<RecordKind, const char*, std::size_t> limits[] = {
        {RecordKind::kContacts, "name", 100},       {RecordKind::kContacts, "taxNumber", 50},
        {RecordKind::kContacts, "email", 255},      {RecordKind::kContacts, "street", 150},
        {RecordKind::kContacts, "country", 50},     {RecordKind::kContacts, "postNumber", 20},
        {RecordKind::kContacts, "city", 100},       {RecordKind::kContacts, "registrationNumber", 50},
        {RecordKind::kProducts, "code", 50},        {RecordKind::kProducts, "name", 200},
        {RecordKind::kProducts, "description", 700}};
    for (const auto& [kind, field, most] : limits) {
        for (const std::size_t length : {most - 1, most, most + 1}) {
            INFO(field << " of " << length);
            Record record =
                kind == RecordKind::kContacts ? contact("x") : product("x" + std::to_string(length));
            std::string text = std::to_string(length);
            while (sync::length_in_erp(text) + 2 <= length)
                text += random.of<std::string>({"č", "x", "😀", "€"});
            while (sync::length_in_erp(text) < length) text += 'x';
            record.at(field) = text;
            if (sync::beyond_limits(record, nullptr).empty()) {
                CHECK_NOTHROW(erp.gateway().add(record));
            } else {
                CHECK(class_of([&] { erp.gateway().add(record); }) == ErpErrorClass::kRecord);
            }
        }
    }
    // Between 20 and 50 the ERP decides.
    erp.options({{"productCodeLimit", 20}});
    CHECK(class_of([&] { erp.gateway().add(product("koda, ki ima 25 znakov...")); }) ==
          ErpErrorClass::kRecord);
}

TEST_CASE("only contacts and products are written") {
    LiveErp erp;
    CHECK_THROWS_AS(erp.gateway().add(Record(RecordKind::kInvoices, "")), std::logic_error);
    CHECK_THROWS_AS(erp.gateway().find_added(Record(RecordKind::kInventory, "")), std::logic_error);
}
