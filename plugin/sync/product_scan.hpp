// All products, by full listing: the ERP can't tell what changed (metakocka-api.md §4).
#pragma once

#include "sync/page_seam.hpp"
#include "sync/ports.hpp"
#include "sync/scan.hpp"
#include "sync/seen_set.hpp"

namespace metakocka::sync {

class ProductScan final : public Scan {
  public:
    // `checkpoint` of an earlier scan, or "".
    ProductScan(ErpGateway& erp, Value pricelist, std::uint64_t expected, const std::string& checkpoint);

    std::vector<ErpRow> next() override;
    bool over() const override { return over_; }
    bool resumed() const override { return resumed_; }
    bool complete() const override { return over_ && !resumed_ && seam_.bridged(); }
    bool doubtful() const override { return over_ && !seam_.bridged(); }
    bool saw(const std::string& erp_id) const override { return seen_.contains(erp_id); }
    bool covers(const Record&) const override { return true; }
    std::string checkpoint() const override { return seam_.checkpoint(); }
    Progress progress() const override;
    std::optional<ErpRow> look_up(const Record& base) override;

  private:
    static constexpr std::uint32_t kPage = 1000;
    static constexpr int kMostPasses = 5;

    void check_pricelist(const ErpPage& page) const;

    ErpGateway& erp_;
    Value pricelist_;
    std::uint64_t expected_;
    PageSeam seam_;
    bool resumed_;
    std::uint64_t before_;
    SeenSet seen_;
    int pass_ = 1;
    bool met_new_ = false;  // in this pass
    bool over_ = false;
};

}  // namespace metakocka::sync
