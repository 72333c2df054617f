#include "sync/product_scan.hpp"

#include <algorithm>
#include <utility>

namespace metakocka::sync {

ProductScan::ProductScan(ErpGateway& erp, Value pricelist, std::uint64_t expected,
                         const std::string& checkpoint)
    : erp_(erp),
      pricelist_(std::move(pricelist)),
      expected_(expected),
      seam_(kPage, checkpoint),
      resumed_(seam_.resumed()),
      before_(seam_.offset()) {
    if (resumed_) seen_.insert(seam_.last_id());
}

std::vector<ErpRow> ProductScan::next() {
    ErpPage page = erp_.products(seam_.offset(), seam_.limit(), pricelist_);
    check_pricelist(page);
    std::vector<std::string_view> ids;
    ids.reserve(page.rows.size());
    for (const auto& row : page.rows) ids.emplace_back(row.record.erp_id);
    seam_.take(ids);
    std::erase_if(page.rows, [this](const ErpRow& row) {
        return !row.record.erp_id.empty() && !seen_.insert(row.record.erp_id);
    });
    met_new_ = met_new_ || !page.rows.empty();
    if (seam_.over()) {
        // A list that moves faster than it can be read is read again until a pass brings nothing new.
        over_ = seam_.bridged() || pass_ == kMostPasses || !met_new_;
        if (!over_) {
            ++pass_;
            met_new_ = false;
            seam_ = PageSeam(kPage);
        }
    }
    if (!over_) erp_.expect_products(seam_.offset(), seam_.limit(), pricelist_);
    return std::move(page.rows);
}

// A pricelist that nobody has looks like products without prices (metakocka-api.md §4).
void ProductScan::check_pricelist(const ErpPage& page) const {
    if (!pricelist_ || seam_.offset() != 0 || page.rows.empty()) return;
    for (const auto& row : page.rows) {
        if (row.problem.empty() && row.record.at("price")) return;
    }
    throw ErpError(ErpErrorClass::kRecord, "none of the first " + std::to_string(page.rows.size()) +
                                               " products has a valid price in the "
                                               "pricelist " +
                                               *pricelist_ +
                                               ", so nothing was changed; check filters.products.pricelist");
}

Progress ProductScan::progress() const {
    const std::uint64_t done = before_ + seen_.size();
    return {done, over() ? done : std::max(expected_, done), "reading"};
}

std::optional<ErpRow> ProductScan::look_up(const Record& base) {
    return erp_.product(base.erp_id, base.at("code"));
}

}  // namespace metakocka::sync
