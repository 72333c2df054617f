#include "ledger.hpp"

#include <algorithm>

namespace metakocka::sim {
namespace {

constexpr std::uint64_t kKindStep = 10'000'000;

std::uint64_t company_base(std::uint32_t company) {
    return (160'000ULL + company) * 100'000'000ULL;
}

template <typename List>
auto find_by_id(List& list, MkId id) -> decltype(list.data()) {
    const auto at = std::lower_bound(list.begin(), list.end(), id,
                                     [](const auto& record, MkId wanted) { return record.mk_id < wanted; });
    return at != list.end() && at->mk_id == id ? &*at : nullptr;
}

template <typename Record>
Record& insert_by_id(std::vector<Record>& list, Record record) {
    const auto at = std::upper_bound(list.begin(), list.end(), record.mk_id,
                                     [](MkId id, const Record& other) { return id < other.mk_id; });
    return *list.insert(at, std::move(record));
}

}  // namespace

MkId Ledger::next_id(Kind kind) {
    const auto slot = static_cast<std::size_t>(kind);
    return company_base(company) + slot * kKindStep + next_[slot]++;
}

void Ledger::reserve_id(MkId id) {
    const std::uint64_t base = company_base(company);
    if (id < base || id >= base + 6 * kKindStep) return;
    auto& next = next_[(id - base) / kKindStep];
    next = std::max(next, (id - base) % kKindStep + 1);
}

Product* Ledger::find_product(MkId id) {
    return find_by_id(products, id);
}
const Product* Ledger::find_product(MkId id) const {
    return find_by_id(products, id);
}
Partner* Ledger::find_partner(MkId id) {
    return find_by_id(partners, id);
}
const Partner* Ledger::find_partner(MkId id) const {
    return find_by_id(partners, id);
}
Document* Ledger::find_document(MkId id) {
    return find_by_id(documents, id);
}

Product* Ledger::find_product_by_code(std::string_view code) {
    const auto at = std::find_if(products.begin(), products.end(), [&](auto& p) { return p.code == code; });
    return at == products.end() ? nullptr : &*at;
}

Product* Ledger::find_product_by_count_code(std::string_view count_code) {
    const auto at =
        std::find_if(products.begin(), products.end(), [&](auto& p) { return p.count_code == count_code; });
    return at == products.end() ? nullptr : &*at;
}

std::pair<std::size_t, std::size_t> Ledger::stock_of(MkId product_id) const {
    const auto by_product = [](const StockRow& row, MkId id) { return row.product_id < id; };
    const auto first = std::lower_bound(stock.begin(), stock.end(), product_id, by_product);
    auto last = first;
    while (last != stock.end() && last->product_id == product_id) ++last;
    return {static_cast<std::size_t>(first - stock.begin()), static_cast<std::size_t>(last - stock.begin())};
}

const Warehouse* Ledger::find_warehouse(std::string_view mark) const {
    const auto at =
        std::find_if(warehouses.begin(), warehouses.end(), [&](auto& w) { return w.mark == mark; });
    return at == warehouses.end() ? nullptr : &*at;
}

std::uint32_t Ledger::default_warehouse() const {
    for (std::uint32_t i = 0; i < warehouses.size(); ++i) {
        if (warehouses[i].main) return i;
    }
    return 0;
}

Product& Ledger::insert(Product product) {
    ++version;
    return insert_by_id(products, std::move(product));
}

Partner& Ledger::insert(Partner partner) {
    ++version;
    return insert_by_id(partners, std::move(partner));
}

Document& Ledger::insert(Document document) {
    ++version;
    return insert_by_id(documents, std::move(document));
}

void Ledger::insert(StockRow row) {
    ++version;
    const auto order = [](const StockRow& a, const StockRow& b) {
        return a.product_id != b.product_id ? a.product_id < b.product_id : a.warehouse < b.warehouse;
    };
    stock.insert(std::upper_bound(stock.begin(), stock.end(), row, order), std::move(row));
}

bool Ledger::product_used(MkId id) const {
    return std::any_of(documents.begin(), documents.end(), [id](const Document& document) {
        return std::any_of(document.lines.begin(), document.lines.end(),
                           [id](const Line& line) { return line.product_id == id; });
    });
}

bool Ledger::partner_used(MkId id) const {
    return std::any_of(documents.begin(), documents.end(), [id](const Document& document) {
        return document.partner_id == id || document.receiver_id == id;
    });
}

bool Ledger::erase_product(MkId id) {
    const auto* product = find_product(id);
    if (product == nullptr) return false;
    products.erase(products.begin() + (product - products.data()));
    const auto [first, last] = stock_of(id);
    stock.erase(stock.begin() + static_cast<std::ptrdiff_t>(first),
                stock.begin() + static_cast<std::ptrdiff_t>(last));
    ++version;
    return true;
}

bool Ledger::erase_document(MkId id) {
    const auto* document = find_document(id);
    if (document == nullptr) return false;
    documents.erase(documents.begin() + (document - documents.data()));
    ++version;
    return true;
}

std::string Ledger::next_number(DocType type) {
    static constexpr std::string_view kPrefixes[] = {"PRD1_", "TUJ_", "MP-", "AV_", "DB_", "PN-", "PP"};
    const auto slot = static_cast<std::size_t>(type);
    return std::string(kPrefixes[slot]) + std::to_string(++numbers_[slot]);
}

const Pricelist* Ledger::chosen_pricelist(const Product& product) const {
    for (const auto& list : product.pricelists) {
        if (list.sales && !list.steps.empty() && list.valid_on(today)) return &list;
    }
    return nullptr;
}

}  // namespace metakocka::sim
