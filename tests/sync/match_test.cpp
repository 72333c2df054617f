// First match before creating: what the CRM knows already is linked, not doubled.
#include <catch2/catch.hpp>

#include "memory_world.hpp"

using namespace metakocka;
using namespace metakocka::sync;
using namespace metakocka::sync::testing;

namespace {

Record contact(Value name, Value tax, Value email = {}, Value post = {}) {
    Record record(RecordKind::kContacts, "");
    record.at("name") = std::move(name);
    record.at("taxNumber") = std::move(tax);
    record.at("email") = std::move(email);
    record.at("postNumber") = std::move(post);
    return record;
}

}  // namespace

TEST_CASE("contacts are matched by tax number, then e-mail, then name and post number") {
    struct Case {
        Record erp;
        Record crm;
        bool same;
    };
    const auto c = GENERATE(values<Case>({
        {contact("ana", "SI12345678"), contact("bela", "1234 5678"), true},
        {contact("ana", "SI12345678"), contact("ana", "87654321"), false},
        {contact("ana", {}, "Ana@Example.si"), contact("bela", {}, "ana@example.si"), true},
        {contact("ana", "11111111", "ana@example.si"), contact("bela", "22222222", "ana@example.si"), false},
        {contact("Ana", {}, {}, "1000"), contact("Ana", {}, {}, "1000"), true},
        {contact("Ana", {}, {}, "1000"), contact("Ana", {}, {}, "2000"), false},
        {contact("Ana", {}), contact("Ana", {}), false},
    }));
    World world;
    ErpRow row{c.erp, ""};
    row.record.erp_id = "p1";
    world.erp.partner_rows = {row};
    const std::string id = world.crm.add(RecordKind::kContacts, c.crm);
    SECTION("in the contacts' own run") {
        world.sync(RecordKind::kContacts);
    }
    SECTION("when an invoice brings it along") {
        world.erp.bill_rows[BillType::kDomestic] = {bill_row("b1", BillType::kDomestic, "p1", "2026-11-01")};
        world.sync(RecordKind::kInvoices);
    }
    const auto* linked = world.crm.by_external(RecordKind::kContacts, "p1");
    if (linked == nullptr) {  // no letter of the sweep and no document led to it
        CHECK_FALSE(c.same);
        return;
    }
    CHECK((linked->id == id) == c.same);
    CHECK(world.crm.count(RecordKind::kContacts) == (c.same ? 1 : 2));
}

TEST_CASE("products are matched by code, then barcode") {
    World world;
    ErpRow row = product_row("1", "Vijak");
    row.record.at("barcode") = "383";
    world.erp.product_rows = {row};
    Record mine(RecordKind::kProducts, "");
    mine.at("name") = "Moj vijak";
    SECTION("code") {
        mine.at("code") = "C1";
    }
    SECTION("barcode") {
        mine.at("barcode") = "383";
    }
    const std::string id = world.crm.add(RecordKind::kProducts, mine);
    world.sync(RecordKind::kProducts);
    CHECK(world.crm.count(RecordKind::kProducts) == 1);
    CHECK(world.crm.by_external(RecordKind::kProducts, "1")->id == id);
}

TEST_CASE("when two records of the CRM could be it, a person decides") {
    World world;
    world.erp.partner_rows = {partner_row("p1", "Ana", "12345678")};
    const std::string first = world.crm.add(RecordKind::kContacts, contact("Ana", "12345678"));
    world.crm.add(RecordKind::kContacts, contact("Ana d.o.o.", "SI12345678"));
    const Run run = world.sync(RecordKind::kContacts);
    CHECK(run.counts[Bucket::kQuarantined] == 1);
    CHECK(world.crm.count(RecordKind::kContacts) == 2);
    const auto aside = world.store.quarantine(RecordKind::kContacts);
    REQUIRE(aside.size() == 1);
    CHECK(aside[0].reason.find("tax number") != std::string::npos);
    CHECK(aside[0].reason.find("12345678") == std::string::npos);
}

TEST_CASE("a record that carries the external id wins over one that only matches") {
    World world;
    world.erp.product_rows = {product_row("1", "Vijak")};
    world.crm.refuse = [](const CrmWrite& write) {
        return write.link_to ? std::string("externalId: already belongs to another record") : std::string();
    };
    Record mine(RecordKind::kProducts, "");
    mine.at("code") = "C1";
    world.crm.add(RecordKind::kProducts, mine);
    const Run run = world.sync(RecordKind::kProducts);
    CHECK(run.state == RunState::kSucceeded);
    CHECK(world.crm.by_external(RecordKind::kProducts, "1") != nullptr);
}
