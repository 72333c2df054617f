// What may be switched off on the other side, and when nothing is.
#include <catch2/catch.hpp>

#include "memory_world.hpp"

using namespace metakocka;
using namespace metakocka::sync;
using namespace metakocka::sync::testing;

TEST_CASE("rule 5: what the list left out and a look-up finds stays active") {
    World world;
    for (const char* const id : {"1", "2", "3"}) world.erp.product_rows.push_back(product_row(id, "Izdelek"));
    world.sync(RecordKind::kProducts);
    const ErpRow left_out = world.erp.product_rows[1];
    world.erp.product_rows.erase(world.erp.product_rows.begin() + 1);
    bool looked_up = false;
    world.erp.before = [&](const std::string& call) {
        if (call != "product") return;
        looked_up = true;
        world.erp.product_rows.push_back(left_out);
    };
    const Run run = world.sync(RecordKind::kProducts);
    CHECK(looked_up);
    CHECK(run.counts[Bucket::kDeactivated] == 0);
    CHECK(world.crm.by_external(RecordKind::kProducts, "2")->record.active);
}

TEST_CASE("the deletion guard lets pass what both of its limits allow, and always one") {
    const DeleteGuard guard{.max_percent = 10, .max_records = 50};
    CHECK(guard.limit(1000) == 50);
    CHECK(guard.limit(300) == 30);
    CHECK(guard.limit(3) == 1);
}

TEST_CASE("deletions in the CRM that only a comparison shows are held by the guard as well") {
    World world;
    constexpr auto kProducts = RecordKind::kProducts;
    for (int i = 0; i < 20; ++i)
        world.erp.product_rows.push_back(product_row(std::to_string(100 + i), "Izdelek"));
    world.sync_two_way(kProducts, both_ways(kProducts));
    // As after a backup: they are gone, and the feed never tells.
    for (int i = 0; i < 10; ++i) {
        world.crm.records.erase("products/" + world.crm.by_external(kProducts, std::to_string(100 + i))->id);
    }
    const Run run = world.sync_two_way(kProducts, both_ways(kProducts), true);
    CHECK(run.counts[Bucket::kQuarantined] == 10);
    for (const auto& row : world.erp.product_rows) CHECK(row.record.active);
}
