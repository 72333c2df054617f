#include "mutate.hpp"

#include <algorithm>
#include <unordered_set>

#include "generator.hpp"

namespace metakocka::sim {

namespace json = boost::json;

namespace {

json::object change(const char* kind, std::string mk_id, const char* action, const char* field) {
    return {{"kind", kind}, {"mkId", std::move(mk_id)}, {"action", action}, {"field", field}};
}

std::string stamp(Random& random) {
    return " (" + std::to_string(random.below(100'000)) + ")";
}

json::object edit_product(Ledger& ledger, Random& random) {
    if (ledger.products.empty() || random.percent(8)) {
        const auto& made = ledger.insert(
            generate_product(ledger, random, ledger.products.size() + 1 + random.below(1'000'000)));
        return change("products", std::to_string(made.mk_id), "created", "");
    }
    auto& product = ledger.products[random.below(ledger.products.size())];
    const auto id = std::to_string(product.mk_id);
    if (random.percent(5) && !ledger.product_used(product.mk_id)) {
        ledger.erase_product(product.mk_id);
        return change("products", id, "deleted", "");
    }
    switch (random.below(6)) {
        case 0:
            product.name += stamp(random);
            return change("products", id, "updated", "name");
        case 1:
            product.description = "<p>Nov opis č" + stamp(random) + "</p>";
            return change("products", id, "updated", "description");
        case 2:
            product.activated = !product.activated;
            return change("products", id, "updated", "active");
        case 3:
            product.weight = Decimal::of(random.between(1, 99'999), 3);
            return change("products", id, "updated", "weight");
        case 4:
            product.barcode = std::to_string(random.between(3'830'000'000'000, 3'839'999'999'999));
            return change("products", id, "updated", "barcode");
        default:
            break;
    }
    if (const auto* chosen = ledger.chosen_pricelist(product)) {
        auto& list = product.pricelists[static_cast<std::size_t>(chosen - product.pricelists.data())];
        list.steps.front().price = Decimal::of(random.between(100, 999'999), 2);
    } else {
        Pricelist list;
        list.count_code = "PC_115";
        list.title = "cenik PC_115";
        list.steps.push_back({std::nullopt, std::nullopt, Decimal::of(random.between(100, 9'999), 2), ""});
        product.pricelists.push_back(std::move(list));
    }
    return change("products", id, "updated", "price");
}

json::object edit_partner(Ledger& ledger, Random& random) {
    if (ledger.partners.empty() || random.percent(10)) {
        const auto& made = ledger.insert(
            generate_partner(ledger, random, ledger.partners.size() + 1 + random.below(1'000'000)));
        return change("partners", std::to_string(made.mk_id), "created", "");
    }
    auto& partner = ledger.partners[random.below(ledger.partners.size())];
    const auto id = std::to_string(partner.mk_id);
    switch (random.below(4)) {
        case 0:
            if (partner.addresses.empty()) break;
            for (auto& address : partner.addresses) address.street = "Nova ulica" + stamp(random);
            return change("partners", id, "updated", "street");
        case 1:
            if (partner.contacts.empty()) break;
            partner.contacts.front().email = "nov" + std::to_string(random.below(100'000)) + "@test.si";
            return change("partners", id, "updated", "email");
        case 2:
            if (partner.contacts.empty()) break;
            partner.contacts.front().phone = "01 " + std::to_string(random.between(2'000'000, 7'999'999));
            return change("partners", id, "updated", "phone");
        default:
            break;
    }
    partner.customer += stamp(random);
    return change("partners", id, "updated", "name");
}

json::object edit_document(Ledger& ledger, Random& random) {
    const bool possible = !ledger.partners.empty() && !ledger.products.empty();
    if (possible && (ledger.documents.empty() || random.percent(30))) {
        const auto type = static_cast<DocType>(random.below(5));
        auto made =
            generate_document(ledger, random, type, ledger.today - std::chrono::days{random.between(0, 3)});
        made.created = made.changed = now();
        const auto& stored = ledger.insert(std::move(made));
        return change("documents", std::to_string(stored.mk_id), "created", "");
    }
    auto& document = ledger.documents[random.below(ledger.documents.size())];
    const auto id = std::to_string(document.mk_id);
    document.changed = now();
    if (!document.issued && random.percent(10)) {
        ledger.erase_document(document.mk_id);
        return change("documents", id, "deleted", "");
    }
    if (is_bill(document.type) && document.payment_status() != "paid") {
        document.payments.push_back({ledger.today, document.total - document.paid, "Gotovina"});
        document.settle();
        return change("documents", id, "updated", "paid");
    }
    if (!document.issued && !document.lines.empty()) {
        document.lines.front().amount += Decimal(1);
        document.settle();
        return change("documents", id, "updated", "lines");
    }
    document.status_code = random.percent(50) ? "Odpremljen" : "Zaključeno";
    return change("documents", id, "updated", "statusCode");
}

json::object edit_stock(Ledger& ledger, Random& random) {
    if (ledger.stock.empty()) generate_stock(ledger, random, 1);
    if (ledger.stock.empty()) return edit_product(ledger, random);
    auto& row = ledger.stock[random.below(ledger.stock.size())];
    const auto id =
        std::to_string(row.product_id) + '/' + std::to_string(ledger.warehouses[row.warehouse].mk_id);
    if (random.percent(30)) {
        row.reserved += Decimal(random.between(1, 3));
        return change("stock", id, "updated", "reserved");
    }
    row.amount += Decimal(random.between(-20, 40));
    return change("stock", id, "updated", "amount");
}

}  // namespace

json::array mutate(Ledger& ledger, std::size_t count, std::uint64_t seed,
                   const std::vector<std::string>& kinds) {
    Random random(mix(seed) ^ mix(ledger.company));
    json::array changes;
    for (std::size_t i = 0; i < count; ++i) {
        static constexpr std::string_view kAll[] = {"products", "products", "partners", "documents", "stock"};
        const std::string_view kind =
            kinds.empty() ? random.pick(kAll) : std::string_view(kinds[random.below(kinds.size())]);
        if (kind == "products") changes.push_back(edit_product(ledger, random));
        if (kind == "partners") changes.push_back(edit_partner(ledger, random));
        if (kind == "documents" && !(ledger.documents.empty() && ledger.partners.empty()))
            changes.push_back(edit_document(ledger, random));
        if (kind == "stock" && !ledger.products.empty()) changes.push_back(edit_stock(ledger, random));
    }
    ++ledger.version;
    return changes;
}

json::array remove_products(Ledger& ledger, unsigned percent, std::uint64_t seed) {
    Random random(mix(seed));
    std::unordered_set<MkId> removed;
    const auto wanted = ledger.products.size() * percent / 100;
    while (removed.size() < wanted)
        removed.insert(ledger.products[random.below(ledger.products.size())].mk_id);
    json::array ids;
    for (const auto& product : ledger.products) {
        if (removed.contains(product.mk_id)) ids.emplace_back(std::to_string(product.mk_id));
    }
    std::erase_if(ledger.products, [&](const Product& p) { return removed.contains(p.mk_id); });
    std::erase_if(ledger.stock, [&](const StockRow& row) { return removed.contains(row.product_id); });
    ++ledger.version;
    return ids;
}

}  // namespace metakocka::sim
