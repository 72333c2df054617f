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
    bool over() const override { return seam_.over(); }
    bool complete() const override { return seam_.over() && seam_.proven(); }
    bool saw(const std::string& erp_id) const override { return seen_.contains(erp_id); }
    bool covers(const Record&) const override { return true; }
    std::string checkpoint() const override { return std::to_string(seam_.offset()); }
    Progress progress() const override;
    std::optional<ErpRow> look_up(const Record& base) override;

  private:
    static constexpr std::uint32_t kPage = 1000;

    ErpGateway& erp_;
    Value pricelist_;
    std::uint64_t expected_;
    std::uint64_t before_;
    PageSeam seam_;
    SeenSet seen_;
};

}  // namespace metakocka::sync
