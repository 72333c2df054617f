#include <algorithm>
#include <charconv>

#include "endpoints.hpp"
#include "wire_records.hpp"

namespace metakocka::sim {
namespace {

constexpr std::size_t kMaxRows = 1000;

std::vector<std::string> list_of(const Fields& body, std::string_view name) {
    return split(body.text(name), ',');
}

bool holds(const std::vector<std::string>& list, const std::string& value) {
    return std::find(list.begin(), list.end(), value) != list.end();
}

// Indexes of the rows a request asks for; nothing when it asks for all.
std::optional<std::vector<std::size_t>> matches(const Call& call) {
    const auto& ledger = call.ledger;
    const auto warehouses = list_of(call.body, "wh_id_list");
    const auto codes = list_of(call.body, "product_code_list");  // matches `code`, never `count_code`
    const auto ids = list_of(call.body, "product_mk_id_list");
    const auto eshop_sync = call.body.flag("eshop_sync");
    if (warehouses.empty() && codes.empty() && ids.empty() && !eshop_sync) return std::nullopt;
    std::vector<std::size_t> found;
    const auto consider = [&](std::size_t i) {
        const auto& row = ledger.stock[i];
        if (!warehouses.empty() && !holds(warehouses, std::to_string(ledger.warehouses[row.warehouse].mk_id)))
            return;
        const auto* product = ledger.find_product(row.product_id);
        if (!codes.empty() && (product == nullptr || !holds(codes, product->code))) return;
        if (eshop_sync && (product == nullptr || product->eshop_sync != *eshop_sync)) return;
        found.push_back(i);
    };
    if (ids.empty()) {
        for (std::size_t i = 0; i < ledger.stock.size(); ++i) consider(i);
        return found;
    }
    for (const auto& text : ids) {
        MkId id = 0;
        std::from_chars(text.data(), text.data() + text.size(), id);
        const auto [first, last] = ledger.stock_of(id);
        for (std::size_t i = first; i < last; ++i) consider(i);
    }
    return found;
}

}  // namespace

std::string warehouse_list(Call& call) {
    JsonOut out;
    const auto& warehouses = call.ledger.warehouses;
    out.open('{')
        .member("opr_code", "0")
        .member("opr_time_ms", "58")
        .member("offset", "0")
        .member("limit", "1000");
    out.member("warehouse_list_count", std::to_string(warehouses.size())).key("warehouse_list").open('[');
    for (const auto& warehouse : warehouses) write_warehouse(out, call.ledger, warehouse);
    out.close(']').close('}');
    return out.take();
}

std::string warehouse_stock(Call& call) {
    const Page page = page_of(call, kMaxRows);
    const auto found = matches(call);
    const std::size_t total = found ? found->size() : call.ledger.stock.size();
    const std::size_t first = std::min(page.first, total);
    const std::size_t count = std::min(page.limit, total - first);
    const auto row = [&](std::size_t i) -> const StockRow& {
        return call.ledger.stock[found ? (*found)[first + i] : first + i];
    };
    JsonOut out;
    out.reserve(128 + count * 320);
    out.open('{').member("opr_code", "0").member("opr_time_ms", "135");
    out.member("offset", std::to_string(page.offset)).member("limit", std::to_string(page.limit));
    out.member("stock_list_count", std::to_string(count));
    if (count == 1) {
        out.key("stock_list");
        write_stock_row(out, call.ledger, row(0));
    } else if (count > 0) {
        out.key("stock_list").open('[');
        for (std::size_t i = 0; i < count; ++i) write_stock_row(out, call.ledger, row(i));
        out.close(']');
    } else if (call.nonce % 2 == 0) {
        out.member("stock_list", "");
    }
    out.close('}');
    return out.take();
}

// For companies whose stock lives in another system; here it answers from the same rows, a page at a time.
std::string source_stock(Call& call) {
    return warehouse_stock(call);
}

}  // namespace metakocka::sim
