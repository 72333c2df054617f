// Single records that somebody asked about or a webhook named: each is read from the ERP as it is now. The
// ids alone say what to look at, so their order, their age and how often they were named change nothing (rule
// 12).
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "sync/ports.hpp"
#include "sync/scan.hpp"

namespace metakocka::sync {

class LookUpScan final : public Scan {
  public:
    // Tells such a run from others after a restart.
    static constexpr std::string_view kCheckpoint = "look-up";

    // `ids` are the ERP's; for stock, those of products. `chosen_pricelist`: prices come from a pricelist of
    // the user's choice. `done` is called when the run has ended well.
    LookUpScan(
        Ports ports, RecordKind kind, std::vector<std::string> ids, bool chosen_pricelist,
        std::function<void()> done = [] {});

    std::vector<ErpRow> next() override;
    bool over() const override { return asked_ == ids_.size(); }
    bool complete() const override { return false; }
    bool lists() const override { return false; }
    bool saw(const std::string&) const override { return false; }
    bool covers(const Record&) const override { return false; }
    std::string checkpoint() const override { return std::string(kCheckpoint); }
    Progress progress() const override { return {asked_, ids_.size(), "reading"}; }
    std::optional<ErpRow> look_up(const Record& base) override;
    void finished() override { done_(); }

  private:
    static constexpr std::size_t kProductsAtOnce = 100;

    std::vector<ErpRow> next_stock();

    Ports ports_;
    RecordKind kind_;
    std::vector<std::string> ids_;
    bool chosen_pricelist_;
    std::function<void()> done_;
    std::size_t asked_ = 0;
};

}  // namespace metakocka::sync
