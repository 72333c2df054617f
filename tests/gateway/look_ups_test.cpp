// Looking at single records over TLS: the same as what the lists say.
#include <map>
#include <set>

#include <catch2/catch.hpp>

#include "live_erp.hpp"
#include "sync/subject.hpp"

using namespace metakocka;
using metakocka::test::LiveErp;

namespace {

std::string text_of(const sync::StockRow& row) {
    return row.product_id + '/' + row.warehouse_id + '/' + row.warehouse + '/' + row.amount + '/' +
           row.reserved.value_or("-") + '/' + row.free.value_or("-");
}

}  // namespace

TEST_CASE("the stock of some products is what the whole list says of them") {
    LiveErp erp;
    std::map<std::string, std::multiset<std::string>> listed;
    for (const auto& row : erp.gateway().stock(0, 1000).rows) listed[row.product_id].insert(text_of(row));
    REQUIRE(listed.size() > 4);
    std::vector<std::string> wanted;
    std::multiset<std::string> expected;
    for (const auto& [product, rows] : listed) {
        if (wanted.size() == 4) break;
        wanted.push_back(product);
        expected.insert(rows.begin(), rows.end());
    }
    erp.calls("json/warehouse_stock");
    std::multiset<std::string> found;
    for (const auto& row : erp.gateway().stock_of(wanted)) found.insert(text_of(row));
    CHECK(found == expected);
    CHECK(erp.calls("json/warehouse_stock") == 1);
    // An empty list must not become the question for all stock.
    CHECK(erp.gateway().stock_of({}).empty());
    CHECK(erp.calls("json/warehouse_stock") == 0);
    CHECK(erp.gateway().stock_of({"999999999999"}).empty());
}

TEST_CASE("a product that is looked up first of all has the price of the chosen pricelist") {
    LiveErp erp;
    const Value chosen = "PC_200_PC";
    std::map<std::string, Record> listed;
    for (auto& row : erp.gateway().products(0, 1000, {}).rows) listed.emplace(row.record.erp_id, row.record);
    Record other;
    for (auto& row : erp.gateway().products(0, 1000, chosen).rows) {
        if (row.record.at("price") && row.record.at("price") != listed.at(row.record.erp_id).at("price")) {
            other = row.record;
        }
    }
    REQUIRE_FALSE(other.erp_id.empty());
    for (const Value& pricelist : {chosen, Value{}}) {
        LiveErp fresh;
        fresh.gateway().use_pricelist(pricelist);
        const auto row = fresh.gateway().product(other.erp_id, other.at("code"));
        REQUIRE(row);
        CHECK((row->record == (pricelist ? other : listed.at(other.erp_id))));
    }
}
