#include "generator.hpp"

#include <algorithm>

namespace metakocka::sim {
namespace {

using std::chrono::days;

void generate_warehouses(Ledger& ledger) {
    const auto add = [&](std::string mark, std::string name, bool active, bool in_info, bool main) {
        ledger.warehouses.push_back({ledger.next_id(Ledger::Kind::kWarehouse), std::move(mark),
                                     std::move(name), active, in_info, main});
    };
    add("SK0005", "Glavno skladišče", true, true, true);
    add("oznaka1", "moje skladisce", true, true, false);
    add("sk1", "Poslovalnica Čopova", true, false, false);
    add("staro", "Staro skladišče (zaprto)", false, false, false);
}

// Mostly domestic bills, a handful of every other type.
DocType bill_type(Random& random) {
    const auto roll = random.below(100);
    if (roll < 50) return DocType::kDomestic;
    if (roll < 68) return DocType::kRetail;
    if (roll < 82) return DocType::kForeign;
    if (roll < 91) return DocType::kPrepaid;
    return DocType::kCreditNote;
}

// Spread over two years: ids grow roughly with the date, but not strictly, as people date bills back.
Date document_date(Random& random, Date today, std::size_t i, std::size_t count) {
    const auto age = static_cast<std::int64_t>(730 * (count - i) / count);
    return today - days{std::clamp<std::int64_t>(age + random.between(-4, 4), 0, 730)};
}

void generate_documents(Ledger& ledger, Random& random, std::size_t bills) {
    if (ledger.partners.empty() || ledger.products.empty()) return;
    const std::size_t all = bills + bills / 5 + bills / 10;
    ledger.documents.reserve(all + all / 8);
    std::vector<DocType> types(bills);
    for (auto& type : types) type = bill_type(random);
    // Every type occurs, even in a tiny company.
    for (std::size_t i = 0; i < std::min<std::size_t>(5, bills); ++i) types[i] = static_cast<DocType>(i);
    types.insert(types.end(), bills / 5, DocType::kOrder);
    types.insert(types.end(), bills / 10, DocType::kOffer);
    for (std::size_t i = types.size(); i > 1; --i) std::swap(types[i - 1], types[random.below(i)]);
    for (std::size_t i = 0; i < types.size(); ++i) {
        const Date date = document_date(random, ledger.today, i, types.size());
        ledger.documents.push_back(generate_document(ledger, random, types[i], date));
    }
}

}  // namespace

Ledger generate_ledger(std::uint32_t company, const Sizes& sizes, std::uint64_t seed, Date today) {
    Ledger ledger;
    ledger.company = company;
    ledger.secret = "sim-secret-key-" + std::to_string(company);
    ledger.today = today;
    generate_warehouses(ledger);
    // One stream per kind: asking for more products leaves the partners as they were.
    const auto stream = [&](std::uint64_t kind) { return Random(mix(seed) ^ mix(company * 8ULL + kind)); };
    Random random = stream(1);
    ledger.products.reserve(sizes.products + sizes.products / 8);
    for (std::size_t i = 0; i < sizes.products; ++i) {
        ledger.products.push_back(generate_product(ledger, random, i + 1));
    }
    random = stream(2);
    ledger.partners.reserve(sizes.partners + sizes.partners / 8);
    for (std::size_t i = 0; i < sizes.partners; ++i) {
        ledger.partners.push_back(generate_partner(ledger, random, i + 1));
    }
    random = stream(3);
    generate_stock(ledger, random, sizes.stock_rows);
    random = stream(4);
    generate_documents(ledger, random, sizes.invoices);
    return ledger;
}

}  // namespace metakocka::sim
