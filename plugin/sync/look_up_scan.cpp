#include "sync/look_up_scan.hpp"

#include <algorithm>
#include <utility>

#include "sync/stock_scan.hpp"
#include "sync/subject.hpp"

namespace metakocka::sync {

LookUpScan::LookUpScan(Ports ports, RecordKind kind, std::vector<std::string> ids, bool chosen_pricelist,
                       std::function<void()> done)
    : ports_(ports),
      kind_(kind),
      ids_(std::move(ids)),
      chosen_pricelist_(chosen_pricelist),
      done_(std::move(done)) {
    std::sort(ids_.begin(), ids_.end());
    ids_.erase(std::unique(ids_.begin(), ids_.end()), ids_.end());
}

std::vector<ErpRow> LookUpScan::next() {
    if (over()) return {};
    if (kind_ == RecordKind::kInventory) return next_stock();
    const std::string& id = ids_[asked_];
    std::optional<Record> known;
    if (const auto base = ports_.store.base(kind_, id)) known = decode_record(kind_, id, *base);
    std::vector<ErpRow> rows;
    auto row = read_from_erp(ports_, kind_, id, known);
    ++asked_;
    if (!row) return rows;
    // A pricelist that is gone looks like a product without a price; only a whole list tells them apart.
    const bool loses_price = chosen_pricelist_ && kind_ == RecordKind::kProducts && row->problem.empty() &&
                             !row->record.at("price") && known && known->at("price");
    if (!loses_price) rows.push_back(std::move(*row));
    return rows;
}

std::vector<ErpRow> LookUpScan::next_stock() {
    const auto from = ids_.begin() + static_cast<std::ptrdiff_t>(asked_);
    const auto count = std::min(kProductsAtOnce, ids_.size() - asked_);
    auto rows = add_up(ports_.erp.stock_of({from, from + static_cast<std::ptrdiff_t>(count)}));
    asked_ += count;
    return rows;
}

std::optional<ErpRow> LookUpScan::look_up(const Record& base) {
    return read_from_erp(ports_, kind_, base.erp_id, base);
}

}  // namespace metakocka::sync
