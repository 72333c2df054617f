// The rules of design.md §5 that concern Metakocka → CRM, on whole runs in memory.
#include <catch2/catch.hpp>

#include <algorithm>
#include <random>

#include "memory_world.hpp"
#include "sync/bill_scan.hpp"
#include "sync/pull_applier.hpp"
#include "sync/run_machine.hpp"

using namespace metakocka;
using namespace metakocka::sync;
using namespace metakocka::sync::testing;

namespace {

World world_with_products(int count) {
    World world;
    for (int i = 1; i <= count; ++i) {
        world.erp.product_rows.push_back(
            product_row(std::to_string(100000 + i), "Izdelek " + std::to_string(i)));
    }
    return world;
}

}  // namespace

TEST_CASE("rule 1: a second run writes nothing anywhere") {
    World world = world_with_products(2500);
    const Run first = world.sync(RecordKind::kProducts);
    CHECK(first.state == RunState::kSucceeded);
    CHECK(first.counts[Bucket::kCreated] == 2500);
    CHECK(first.counts.records() == 2500);
    const auto writes = world.crm.writes;
    const auto commits = world.store.commits;
    const Run second = world.sync(RecordKind::kProducts);
    CHECK(second.counts[Bucket::kUnchanged] == 2500);
    CHECK(second.counts.records() == 2500);
    CHECK(world.crm.writes == writes);
    CHECK(world.store.commits == commits);
}

TEST_CASE("a change is written once and what it replaced is kept") {
    World world = world_with_products(3);
    world.sync(RecordKind::kProducts);
    world.erp.product_rows[1].record.at("price") = "2.5";
    const Run run = world.sync(RecordKind::kProducts);
    CHECK(run.counts[Bucket::kUpdated] == 1);
    CHECK(run.counts[Bucket::kUnchanged] == 2);
    REQUIRE(world.store.history.size() == 1);
    CHECK(world.store.history[0].field == "price");
    CHECK(world.store.history[0].before == Value{"1"});
    CHECK(world.store.history[0].after == Value{"2.5"});
}

TEST_CASE("rule 2: a crash between the CRM's write and our commit doubles nothing") {
    World world = world_with_products(1500);
    int commits_left = GENERATE(0, 1, 2);
    world.store.before_commit = [&] {
        if (commits_left-- == 0) throw std::runtime_error("killed");
    };
    const Run crashed = world.sync(RecordKind::kProducts);
    CHECK((crashed.state == RunState::kFailed || commits_left >= 0));
    world.store.before_commit = [] {};
    const Run resumed = world.sync(RecordKind::kProducts, world.store.runs[crashed.id].checkpoint);
    CHECK(resumed.state == RunState::kSucceeded);
    world.sync(RecordKind::kProducts);
    CHECK(world.crm.count(RecordKind::kProducts) == 1500);
    CHECK(world.store.links[RecordKind::kProducts].size() == 1500);
}

TEST_CASE("rule 5: a product that is gone becomes inactive, and comes back when it does") {
    World world = world_with_products(20);
    world.sync(RecordKind::kProducts);
    const ErpRow gone = world.erp.product_rows[7];
    world.erp.product_rows.erase(world.erp.product_rows.begin() + 7);
    const Run run = world.sync(RecordKind::kProducts);
    CHECK(run.counts[Bucket::kDeactivated] == 1);
    CHECK(run.counts.records() == 20);
    CHECK_FALSE(world.crm.by_external(RecordKind::kProducts, gone.record.erp_id)->record.active);
    CHECK(world.sync(RecordKind::kProducts).counts[Bucket::kDeactivated] == 0);
    world.erp.product_rows.push_back(gone);
    CHECK(world.sync(RecordKind::kProducts).counts[Bucket::kUpdated] == 1);
    CHECK(world.crm.by_external(RecordKind::kProducts, gone.record.erp_id)->record.active);
}

TEST_CASE("rule 5: an empty, failing or lying list deactivates nothing") {
    World world = world_with_products(1200);
    world.sync(RecordKind::kProducts);
    const auto rows = world.erp.product_rows;
    SECTION("empty") {
        world.erp.product_rows.clear();
        CHECK(world.sync(RecordKind::kProducts).state == RunState::kPartial);
    }
    SECTION("failing in the middle") {
        int calls = 0;
        world.erp.before = [&](const std::string&) {
            if (++calls == 2) throw ErpError(ErpErrorClass::kTransient, "down");
        };
        CHECK(world.sync(RecordKind::kProducts).state == RunState::kFailed);
    }
    SECTION("leaving rows out that a look-up finds") {
        world.erp.before = [&](const std::string& call) {
            world.erp.product_rows = rows;
            if (call == "products") world.erp.product_rows.resize(600);
        };
        CHECK(world.sync(RecordKind::kProducts).state == RunState::kPartial);
    }
    for (const auto& [key, stored] : world.crm.records) REQUIRE(stored.record.active);
}

TEST_CASE("rule 5: more deletions than the guard allows are held") {
    World world = world_with_products(200);
    world.sync(RecordKind::kProducts);
    world.erp.product_rows.resize(140);
    const Run run = world.sync(RecordKind::kProducts);
    CHECK(run.state == RunState::kHeld);
    CHECK(run.counts[Bucket::kDeactivated] == 0);
    CHECK(run.error.find("deleteGuard") != std::string::npos);
    for (const auto& [key, stored] : world.crm.records) REQUIRE(stored.record.active);
}

TEST_CASE("rule 5: rows that move between pages are neither missed nor doubled") {
    const unsigned seed = GENERATE(1U, 2U, 3U, 4U, 5U, 6U, 7U, 8U);
    CAPTURE(seed);
    std::mt19937 random(seed);
    World world = world_with_products(4500);
    world.sync(RecordKind::kProducts);
    std::size_t removed = 0;
    world.erp.before = [&](const std::string& call) {
        if (call != "products") return;
        for (int i = 0; i < 3 && removed < 12; ++i, ++removed) {
            const auto at =
                std::uniform_int_distribution<std::size_t>(0, world.erp.product_rows.size() - 1)(random);
            world.erp.product_rows.erase(world.erp.product_rows.begin() + static_cast<std::ptrdiff_t>(at));
        }
    };
    world.sync(RecordKind::kProducts);
    world.erp.before = [](const std::string&) {};
    world.sync(RecordKind::kProducts);
    std::size_t active = 0;
    for (const auto& [key, stored] : world.crm.records) active += stored.record.active ? 1U : 0U;
    CHECK(active == world.erp.product_rows.size());
    for (const auto& row : world.erp.product_rows) {
        REQUIRE(world.crm.by_external(RecordKind::kProducts, row.record.erp_id)->record.active);
    }
}

TEST_CASE("rule 6: an invoice brings its contact along, and is never written without it") {
    World world = world_with_products(1);
    world.erp.partner_rows = {partner_row("p1", "Žan")};
    world.erp.bill_rows[BillType::kDomestic] = {bill_row("b1", BillType::kDomestic, "p1", "2026-11-01"),
                                                bill_row("b2", BillType::kDomestic, "p2", "2026-11-02")};
    Run run = world.sync(RecordKind::kInvoices);
    CHECK(run.state == RunState::kPartial);
    CHECK(run.counts[Bucket::kCreated] == 1);
    CHECK(run.counts[Bucket::kQuarantined] == 1);
    const auto* contact = world.crm.by_external(RecordKind::kContacts, "p1");
    REQUIRE(contact != nullptr);
    CHECK(world.crm.by_external(RecordKind::kInvoices, "b1")->record.at("contactId") == Value{contact->id});
    CHECK(world.crm.by_external(RecordKind::kInvoices, "b2") == nullptr);
    world.erp.partner_rows.push_back(partner_row("p2", "Ana"));
    run = world.sync(RecordKind::kInvoices);
    CHECK(run.state == RunState::kSucceeded);
    CHECK(run.counts[Bucket::kCreated] == 1);
    CHECK(world.store.aside[RecordKind::kInvoices].empty());
}

TEST_CASE("rule 7: a bad record is kept aside and stops nothing") {
    World world = world_with_products(50);
    world.erp.product_rows[3].problem = "price: not a number";
    world.crm.refuse = [](const CrmWrite& write) {
        return write.external_id == "100010" ? std::string("name is too long") : std::string();
    };
    Run run = world.sync(RecordKind::kProducts);
    CHECK(run.state == RunState::kPartial);
    CHECK(run.counts[Bucket::kQuarantined] == 2);
    CHECK(run.counts[Bucket::kCreated] == 48);
    world.erp.product_rows[3].problem.clear();
    world.crm.refuse = [](const CrmWrite&) { return std::string(); };
    run = world.sync(RecordKind::kProducts);
    CHECK(run.state == RunState::kSucceeded);
    CHECK(run.counts[Bucket::kCreated] == 2);
    CHECK(world.store.aside[RecordKind::kProducts].empty());
}

TEST_CASE("contacts are found by sweeps, on documents and for what the CRM knows") {
    World world;
    world.erp.partner_rows = {partner_row("p1", "Ana d.o.o.", "SI12345678"), partner_row("p2", "Bor"),
                              partner_row("p3", "Cilka", "87654321")};
    SECTION("the same tax number, with and without prefix, is the same contact") {
        Record mine(RecordKind::kContacts, "");
        mine.at("name") = "Ana";
        mine.at("taxNumber") = "12345678";
        const std::string id = world.crm.add(RecordKind::kContacts, mine);
        world.sync(RecordKind::kContacts);
        CHECK(world.crm.count(RecordKind::kContacts) == 3);
        CHECK(world.crm.by_external(RecordKind::kContacts, "p1")->id == id);
    }
    SECTION("documents and look-ups find what sweeps do not") {
        world.erp.sweeps_find = false;
        world.erp.bill_rows[BillType::kRetail] = {bill_row("b1", BillType::kRetail, "p2", "2026-11-01")};
        Record mine(RecordKind::kContacts, "");
        mine.at("name") = "Cilka";
        mine.at("taxNumber") = "87654321";
        world.crm.add(RecordKind::kContacts, mine);
        const Run run = world.sync(RecordKind::kContacts);
        CHECK(run.counts.records() == 2);
        CHECK(world.crm.by_external(RecordKind::kContacts, "p2") != nullptr);
        CHECK(world.crm.by_external(RecordKind::kContacts, "p3") != nullptr);
        CHECK(world.crm.by_external(RecordKind::kContacts, "p1") == nullptr);
        CHECK(run.note.find("\"byDocuments\":1") != std::string::npos);
    }
    SECTION("a linked partner that is gone becomes inactive only after direct look-ups") {
        world.sync(RecordKind::kContacts);
        world.erp.partner_rows.erase(world.erp.partner_rows.begin() + 1);
        const Run run = world.sync(RecordKind::kContacts);
        CHECK(run.counts[Bucket::kDeactivated] == 1);
        CHECK_FALSE(world.crm.by_external(RecordKind::kContacts, "p2")->record.active);
    }
}

TEST_CASE("stock is added up per product and warehouse, and a vanished row becomes zero") {
    World world = world_with_products(2);
    world.sync(RecordKind::kProducts);
    const auto lot = [](const std::string& product, const std::string& amount) {
        StockRow row;
        row.product_id = product;
        row.warehouse_id = "w1";
        row.warehouse = "GL";
        row.amount = amount;
        return row;
    };
    world.erp.stock_rows = {lot("100001", "7.3"), lot("100001", "7.3"), lot("100002", "-21")};
    Run run = world.sync(RecordKind::kInventory);
    CHECK(run.counts[Bucket::kCreated] == 2);
    const auto* stock = world.crm.by_external(RecordKind::kInventory, "100001/w1");
    REQUIRE(stock != nullptr);
    CHECK(stock->record.at("amount") == Value{"14.6"});
    CHECK_FALSE(stock->record.at("reserved").has_value());
    world.erp.stock_rows.pop_back();
    run = world.sync(RecordKind::kInventory);
    CHECK(run.counts[Bucket::kDeactivated] == 1);
    const auto* vanished = world.crm.by_external(RecordKind::kInventory, "100002/w1");
    CHECK_FALSE(vanished->record.active);
    CHECK(vanished->record.at("amount") == Value{"0"});
}

TEST_CASE("rule 9: every record is in exactly one bucket, whatever happens") {
    const unsigned seed = GENERATE(range(1U, 40U));
    CAPTURE(seed);
    std::mt19937 random(seed);
    World world = world_with_products(300);
    for (int round = 0; round < 6; ++round) {
        for (auto& row : world.erp.product_rows) {
            const auto dice = random() % 50;
            if (dice == 0) row.record.at("name") = "N" + std::to_string(random());
            row.problem = dice == 1 ? "name: nonsense" : "";
        }
        std::size_t dropped = 0;
        std::erase_if(world.erp.product_rows,
                      [&](const ErpRow&) { return random() % 60 == 0 && ++dropped < 6; });
        std::size_t active = 0;
        for (const auto& [id, change] : world.store.links[RecordKind::kProducts])
            active += change.link.active ? 1U : 0U;
        std::size_t newcomers = 0;
        for (const auto& row : world.erp.product_rows) {
            const auto link = world.store.find_links(RecordKind::kProducts, {row.record.erp_id})[0];
            newcomers += !link || !link->active ? 1U : 0U;
        }
        const Run run = world.sync(RecordKind::kProducts);
        CHECK(run.counts.records() == world.erp.product_rows.size() + run.counts[Bucket::kDeactivated]);
        if (round > 0) CHECK(run.counts.records() >= active);
        CHECK(run.counts[Bucket::kCreated] <= newcomers);
        std::size_t kept = 0;
        for (const auto& outcome : world.store.outcomes)
            kept += outcome.bucket == Bucket::kQuarantined ? 1U : 0U;
        CHECK(kept >= run.counts[Bucket::kQuarantined]);
    }
    for (auto& row : world.erp.product_rows) row.problem.clear();
    world.sync(RecordKind::kProducts);
    for (const auto& row : world.erp.product_rows) {
        const auto* stored = world.crm.by_external(RecordKind::kProducts, row.record.erp_id);
        REQUIRE(stored != nullptr);
        REQUIRE(stored->record.values == row.record.values);
    }
}

TEST_CASE("a full run puts right what somebody changed or deleted in the CRM") {
    World world = world_with_products(10);
    world.sync(RecordKind::kProducts);
    auto& edited = world.crm.records.at("products/3");
    edited.record.at("price") = "0.01";
    world.crm.records.erase("products/7");
    const Run run = world.sync(RecordKind::kProducts, "", true);
    CHECK(run.counts[Bucket::kUpdated] == 1);
    CHECK(run.counts[Bucket::kCreated] == 1);
    CHECK(run.counts[Bucket::kUnchanged] == 8);
    CHECK(world.crm.records.at("products/3").record.at("price") == Value{"1"});
    CHECK(world.crm.count(RecordKind::kProducts) == 10);
    const auto commits = world.store.commits;
    CHECK(world.sync(RecordKind::kProducts, "", true).counts[Bucket::kUnchanged] == 10);
    CHECK(world.store.commits == commits);
}

TEST_CASE("a list in another order at every call is read again, and never called complete when it was not") {
    World world = world_with_products(2500);
    std::mt19937 random(3);
    world.erp.before = [&](const std::string& call) {
        if (call == "products")
            std::shuffle(world.erp.product_rows.begin(), world.erp.product_rows.end(), random);
    };
    const Run run = world.sync(RecordKind::kProducts);
    CHECK(run.counts[Bucket::kDeactivated] == 0);
    CHECK((run.counts.records() == 2500 || run.state == RunState::kPartial));
    CHECK(run.counts.records() >= 2450);
}

TEST_CASE("a run that goes on from its checkpoint counts every record once") {
    World world = world_with_products(3500);
    int pages = 0;
    world.erp.before = [&](const std::string&) {
        if (++pages == 3) throw ErpError(ErpErrorClass::kTransient, "down");
    };
    const Run first = world.sync(RecordKind::kProducts);
    CHECK(first.state == RunState::kFailed);
    world.erp.before = [](const std::string&) {};
    const Run second = world.sync(RecordKind::kProducts, first.checkpoint);
    CHECK(second.state == RunState::kSucceeded);
    CHECK(first.counts.records() + second.counts.records() == 3500);
}

TEST_CASE("bills: a window that goes on from its checkpoint counts every bill once") {
    for (int failing_call = 1; failing_call < 12; ++failing_call) {
        CAPTURE(failing_call);
        World world;
        world.erp.partner_rows = {partner_row("p1", "Ana")};
        for (int i = 0; i < 260; ++i) {
            const bool recent = i % 2 == 0;
            ErpRow row = bill_row("b" + std::to_string(1000 + i), BillType::kDomestic, "p1",
                                  recent ? "2026-11-01" : "2025-01-01");
            if (i % 3 == 0) row.record.at("status") = "paid";
            world.erp.bill_rows[BillType::kDomestic].push_back(row);
        }
        const BillRange window{.date_from = "2026-10-01", .changed_from = 0};
        const auto run_window = [&](const std::string& checkpoint) {
            world.clock.advance(kMinute);
            Run run;
            run.id = std::to_string(world.clock.now());
            run.kind = RecordKind::kInvoices;
            run.checkpoint = checkpoint;
            RunMachine machine(world.ports(), run,
                               std::make_unique<BillScan>(world.ports(), window, 0, checkpoint),
                               std::make_unique<PullApplier>(world.ports(), RecordKind::kInvoices, false),
                               DeleteGuard{}, false);
            while (machine.step()) {
            }
            return machine.run();
        };
        const std::uint64_t whole = run_window("").counts.records();
        int calls = 0;
        world.erp.before = [&](const std::string& call) {
            if (call == "bills" && ++calls == failing_call) throw ErpError(ErpErrorClass::kTransient, "down");
        };
        const Run first = run_window("");
        world.erp.before = [](const std::string&) {};
        const Run second = run_window(first.checkpoint);
        CHECK(second.state == RunState::kSucceeded);
        const std::uint64_t both = first.checkpoint.empty() || first.counts.records() == 0
                                       ? second.counts.records()
                                       : first.counts.records() + second.counts.records();
        CHECK((first.state != RunState::kFailed || both == whole));
    }
}

TEST_CASE("what did not change is not even offered to the CRM") {
    World world;
    for (const char* const id : {"1", "2"}) world.erp.product_rows.push_back(product_row(id, "Izdelek"));
    world.sync(RecordKind::kProducts);
    bool offered = false;
    world.crm.before = [&](const std::string&) { offered = true; };
    CHECK(world.sync(RecordKind::kProducts).counts[Bucket::kUnchanged] == 2);
    CHECK_FALSE(offered);
}
