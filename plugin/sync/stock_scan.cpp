#include "sync/stock_scan.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "model/decimal.hpp"

namespace metakocka::sync {

namespace {

// What makes a row of the next page the one that ended the last page. Lots may carry no mark of their own, so
// the amount belongs to it.
std::string row_identity(const StockRow& row) {
    return row.product_id + '/' + row.warehouse_id + '/' + row.row_key + '/' + row.amount;
}

void add(Value& sum, const Value& amount) {
    if (!amount) return;
    sum = sum ? decimal::add(*sum, *amount) : *amount;
}

}  // namespace

std::vector<ErpRow> add_up(const std::vector<StockRow>& rows) {
    std::map<std::string, ErpRow> sums;
    for (const auto& row : rows) {
        const std::string id = row.product_id + '/' + row.warehouse_id;
        auto [it, first] = sums.try_emplace(id, ErpRow{Record(RecordKind::kInventory, id), row.problem});
        ErpRow& sum = it->second;
        if (!row.problem.empty()) sum.problem = row.problem;
        if (!sum.problem.empty()) continue;
        sum.record.at("productId") = row.product_id;
        sum.record.at("warehouse") = row.warehouse.empty() ? Value{} : Value{row.warehouse};
        add(sum.record.at("amount"), row.amount);
        add(sum.record.at("reserved"), row.reserved);
        add(sum.record.at("free"), row.free);
    }
    std::vector<ErpRow> result;
    result.reserve(sums.size());
    for (auto& [id, row] : sums) result.push_back(std::move(row));
    return result;
}

StockScan::StockScan(ErpGateway& erp, std::uint64_t expected)
    : erp_(erp), expected_(expected), seam_(kPage) {}

std::vector<ErpRow> StockScan::next() {
    if (!seam_.over()) {
        StockPage page = erp_.stock(seam_.offset(), seam_.limit());
        std::vector<std::string> identities;
        identities.reserve(page.rows.size());
        for (const auto& row : page.rows) identities.push_back(row_identity(row));
        for (std::size_t i = seam_.take({identities.begin(), identities.end()}); i < page.rows.size(); ++i) {
            raw_.push_back(std::move(page.rows[i]));
        }
        if (!seam_.over()) return {};
        rows_ = add_up(raw_);
        raw_ = {};
        for (const auto& row : rows_) seen_.insert(row.record.erp_id);
    }
    const std::size_t count = std::min<std::size_t>(kPage, rows_.size() - emitted_);
    const auto from = rows_.begin() + static_cast<std::ptrdiff_t>(emitted_);
    std::vector<ErpRow> part(std::make_move_iterator(from),
                             std::make_move_iterator(from + static_cast<std::ptrdiff_t>(count)));
    emitted_ += count;
    return part;
}

Progress StockScan::progress() const {
    const std::uint64_t done = seam_.over() ? emitted_ : raw_.size();
    return {done, seam_.over() ? rows_.size() : std::max<std::uint64_t>(expected_, done), "reading"};
}

std::optional<ErpRow> StockScan::look_up(const Record& base) {
    for (auto& row : add_up(erp_.stock_of({stock_product(base.erp_id)}))) {
        if (row.record.erp_id == base.erp_id) return std::move(row);
    }
    return std::nullopt;
}

}  // namespace metakocka::sync
