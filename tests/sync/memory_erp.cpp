#include <algorithm>

#include "memory_world.hpp"
#include "sync/bill_scan.hpp"

namespace metakocka::sync::testing {

namespace {

template <class Row>
std::vector<Row> slice(const std::vector<Row>& rows, std::uint64_t offset, std::uint32_t limit) {
    const auto from = std::min<std::uint64_t>(offset, rows.size());
    const auto to = std::min<std::uint64_t>(from + limit, rows.size());
    return {rows.begin() + static_cast<std::ptrdiff_t>(from), rows.begin() + static_cast<std::ptrdiff_t>(to)};
}

std::optional<ErpRow> find(const std::vector<ErpRow>& rows, const std::string& id) {
    const auto it =
        std::find_if(rows.begin(), rows.end(), [&](const ErpRow& r) { return r.record.erp_id == id; });
    return it == rows.end() ? std::nullopt : std::optional<ErpRow>(*it);
}

}  // namespace

void MemoryErp::exchange(const std::string& call) {
    ++calls;
    before(call);
}

ErpPage MemoryErp::products(std::uint64_t offset, std::uint32_t limit, const Value&) {
    exchange("products");
    ErpPage page;
    page.rows = slice(product_rows, offset, limit);
    page.last = page.rows.size() < limit;
    return page;
}

StockPage MemoryErp::stock(std::uint64_t offset, std::uint32_t limit) {
    exchange("stock");
    StockPage page;
    page.rows = slice(stock_rows, offset, limit);
    page.last = page.rows.size() < limit;
    return page;
}

ErpPage MemoryErp::bills(const BillQuery& query, std::uint64_t offset, std::uint32_t limit) {
    exchange("bills");
    std::vector<ErpRow> chosen;
    for (const auto& row : bill_rows[query.type]) {
        if (query.date_from && row.record.at("date") < query.date_from) continue;
        if (query.unpaid_only && row.record.at("status") == Value{"paid"}) continue;
        chosen.push_back(row);
    }
    ErpPage page;
    page.rows = slice(chosen, offset, limit);
    for (const auto& row : page.rows) {
        if (const Value& id = row.record.at("contactId")) {
            page.partners.push_back({Record(RecordKind::kContacts, *id), ""});
        }
    }
    page.last = page.rows.size() < limit;
    return page;
}

std::vector<ErpRow> MemoryErp::partners(PartnerKey key, const std::string& text) {
    exchange("partners");
    std::vector<ErpRow> found;
    for (const auto& row : partner_rows) {
        const auto contains = [&](std::string_view field) {
            const Value& value = row.record.at(field);
            return value && value->find(text) != std::string::npos;
        };
        const bool hit = key == PartnerKey::kId     ? row.record.erp_id == text
                         : key == PartnerKey::kName ? contains("name") && (sweeps_find || text.size() > 1)
                         : key == PartnerKey::kTaxNumber ? contains("taxNumber")
                                                         : contains("email");
        if (hit) found.push_back(row);
    }
    return found;
}

std::optional<ErpRow> MemoryErp::product(const std::string& mk_id, const Value&) {
    exchange("product");
    return find(product_rows, mk_id);
}

std::optional<ErpRow> MemoryErp::bill(BillType type, const std::string& mk_id) {
    exchange("bill");
    return find(bill_rows[type], mk_id);
}

std::vector<StockRow> MemoryErp::stock_of(const std::vector<std::string>& product_mk_ids) {
    exchange("stock_of");
    std::vector<StockRow> found;
    for (const auto& row : stock_rows) {
        if (std::find(product_mk_ids.begin(), product_mk_ids.end(), row.product_id) != product_mk_ids.end())
            found.push_back(row);
    }
    return found;
}

ErpRow product_row(const std::string& id, const std::string& name, const std::string& price) {
    ErpRow row{Record(RecordKind::kProducts, id), ""};
    row.record.at("code") = "C" + id;
    row.record.at("name") = name;
    row.record.at("price") = price;
    row.record.at("unit") = "kos";
    return row;
}

ErpRow partner_row(const std::string& id, const std::string& name, Value tax_number) {
    ErpRow row{Record(RecordKind::kContacts, id), ""};
    row.record.at("name") = name;
    row.record.at("taxNumber") = std::move(tax_number);
    return row;
}

ErpRow bill_row(const std::string& id, BillType type, const std::string& partner_id,
                const std::string& date) {
    ErpRow row{Record(RecordKind::kInvoices, id), ""};
    row.record.at("kind") = std::string(to_text(type));
    row.record.at("number") = "R-" + id;
    row.record.at("date") = date;
    row.record.at("contactId") = partner_id;
    row.record.at("status") = "unpaid";
    return row;
}

}  // namespace metakocka::sync::testing
