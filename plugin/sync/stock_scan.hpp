// All stock. Lots, serial numbers and places of one product in one warehouse are added up, and since they may
// stand on different pages, rows come out only when the whole list was read.
#pragma once

#include "sync/page_seam.hpp"
#include "sync/ports.hpp"
#include "sync/scan.hpp"
#include "sync/seen_set.hpp"

namespace metakocka::sync {

// One row per product and warehouse, in the order of their ids. A row with a problem makes its whole sum one.
std::vector<ErpRow> add_up(const std::vector<StockRow>& rows);
// The product's part of a stock record's id.
inline std::string stock_product(const std::string& erp_id) {
    return erp_id.substr(0, erp_id.find('/'));
}

class StockScan final : public Scan {
  public:
    StockScan(ErpGateway& erp, std::uint64_t expected);

    std::vector<ErpRow> next() override;
    bool over() const override { return seam_.over() && emitted_ == rows_.size(); }
    bool complete() const override { return over() && seam_.bridged(); }
    bool doubtful() const override { return over() && !seam_.bridged(); }
    bool saw(const std::string& erp_id) const override { return seen_.contains(erp_id); }
    bool covers(const Record&) const override { return true; }
    std::string checkpoint() const override { return {}; }  // sums need the whole list
    Progress progress() const override;
    std::optional<ErpRow> look_up(const Record& base) override;

  private:
    static constexpr std::uint32_t kPage = 1000;

    ErpGateway& erp_;
    std::uint64_t expected_;
    PageSeam seam_;
    std::vector<StockRow> raw_;
    std::vector<ErpRow> rows_;
    std::size_t emitted_ = 0;
    SeenSet seen_;
};

}  // namespace metakocka::sync
