#include "sync/product_scan.hpp"

#include <algorithm>
#include <utility>

#include "sync/checkpoint.hpp"

namespace metakocka::sync {

ProductScan::ProductScan(ErpGateway& erp, Value pricelist, std::uint64_t expected,
                         const std::string& checkpoint)
    : erp_(erp),
      pricelist_(std::move(pricelist)),
      expected_(expected),
      before_(parse_offset(checkpoint)),
      seam_(kPage, before_) {}

std::vector<ErpRow> ProductScan::next() {
    ErpPage page = erp_.products(seam_.offset(), seam_.limit(), pricelist_);
    std::vector<std::string_view> ids;
    ids.reserve(page.rows.size());
    for (const auto& row : page.rows) ids.emplace_back(row.record.erp_id);
    seam_.take(ids);
    std::erase_if(page.rows, [this](const ErpRow& row) {
        return !row.record.erp_id.empty() && !seen_.insert(row.record.erp_id);
    });
    return std::move(page.rows);
}

Progress ProductScan::progress() const {
    const std::uint64_t done = before_ + seen_.size();
    return {done, over() ? done : std::max(expected_, done), "reading"};
}

std::optional<ErpRow> ProductScan::look_up(const Record& base) {
    return erp_.product(base.erp_id, base.at("code"));
}

}  // namespace metakocka::sync
