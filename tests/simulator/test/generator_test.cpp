#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "canonical.hpp"
#include "support.hpp"

using namespace metakocka::sim;
using namespace metakocka::sim::test;

namespace {

Ledger ledger(std::uint64_t seed = 7) {
    return generate_ledger(1, {3000, 400, 600, 4500}, seed, *parse_iso_date("2026-08-01"));
}

template <typename List, typename Predicate>
bool any(const List& list, Predicate&& accepts) {
    return std::any_of(list.begin(), list.end(), accepts);
}

}  // namespace

TEST_CASE("the same seed gives the same company") {
    const auto first = ledger();
    const auto second = ledger();
    const auto other = ledger(8);
    CHECK(canonical(first, first.products[17]) == canonical(second, second.products[17]));
    CHECK(canonical(first, first.documents[99]) == canonical(second, second.documents[99]));
    CHECK(canonical(first, first.partners[5]) != canonical(other, other.partners[5]));
}

TEST_CASE("the sums of every document agree with its lines") {
    const auto data = ledger();
    for (const auto& document : data.documents) {
        auto again = document;
        again.settle();
        REQUIRE(again.total == document.total);
        REQUIRE(document.net + document.tax_sum() == document.total);
        REQUIRE(document.total == document.total.rounded(2));
    }
}

TEST_CASE("the nasty cases are there") {
    const auto data = ledger();
    CHECK(any(data.products, [](auto& p) { return p.name.starts_with("¨"); }));
    CHECK(any(data.products, [](auto& p) { return p.pricelists.empty(); }));
    CHECK(any(data.products, [](auto& p) { return p.service; }));
    CHECK(any(data.products, [](auto& p) { return !p.activated; }));
    CHECK(any(data.products, [&](auto& p) {
        const auto* list = data.chosen_pricelist(p);
        return list != nullptr && list->gross;
    }));
    CHECK(any(data.products,
              [&](auto& p) { return !p.pricelists.empty() && data.chosen_pricelist(p) == nullptr; }));
    CHECK(any(data.stock, [](auto& r) { return r.amount.is_negative(); }));
    CHECK(any(data.stock, [](auto& r) { return !r.lot.empty(); }));
    CHECK(any(data.warehouses, [](auto& w) { return !w.active; }));
    CHECK(any(data.partners, [](auto& p) { return p.tax_number.empty(); }));
    CHECK(any(data.partners, [](auto& p) { return p.contacts.size() > 1; }));
    CHECK(any(data.partners,
              [](auto& p) { return p.addresses.size() > 1 && p.addresses.front().type != "Račun"; }));
    CHECK(any(data.documents,
              [](auto& d) { return any(d.lines, [](auto& l) { return l.discount == "22;23"; }); }));
    CHECK(any(data.documents, [](auto& d) { return d.payment_status() == "partly_paid"; }));
    CHECK(any(data.documents, [](auto& d) { return d.type == DocType::kForeign && d.tax_sum().is_zero(); }));
    CHECK(
        any(data.documents, [](auto& d) { return d.type == DocType::kCreditNote && d.total.is_negative(); }));
    std::set<DocType> types;
    for (const auto& document : data.documents) types.insert(document.type);
    CHECK(types.size() == 7);
}

TEST_CASE("two partners share a tax number, with and without the country") {
    const auto data = ledger();
    std::set<std::string> numbers;
    for (const auto& partner : data.partners) numbers.insert(partner.tax_number);
    CHECK(any(data.partners,
              [&](auto& p) { return p.tax_number.size() == 8 && numbers.contains("SI" + p.tax_number); }));
}

TEST_CASE("the canonical price is the net one of the first step") {
    Ledger data;
    data.company = 1;
    data.today = *parse_iso_date("2026-08-01");
    Product product;
    product.mk_id = 1;
    Pricelist expired;
    expired.valid_to = *parse_iso_date("2026-07-31");
    expired.steps.push_back({std::nullopt, std::nullopt, Decimal(99), ""});
    Pricelist gross;
    gross.gross = true;
    gross.steps.push_back({std::nullopt, Decimal(10), Decimal(20), ""});
    gross.steps.push_back({Decimal(10), std::nullopt, Decimal(18), ""});
    product.pricelists = {expired, gross};
    CHECK(canonical(data, product).at("price") == "16.393442623");
    product.pricelists.pop_back();
    CHECK(canonical(data, product).at("price").is_null());
}
