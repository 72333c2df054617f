// Bills: a rolling window by document date plus all unpaid ones at every run, everything once a day.
#pragma once

#include "sync/page_seam.hpp"
#include "sync/ports.hpp"
#include "sync/scan.hpp"
#include "sync/seen_set.hpp"

namespace metakocka::sync {

// The record's kind field ("domestic", "foreign", …) as the ERP's type, and back; nothing for another text.
std::optional<BillType> parse_bill_type(std::string_view text);
std::string_view to_text(BillType type);

struct BillRange {
    // Document date of the oldest bill to read, YYYY-MM-DD; null reads all there are.
    std::optional<std::string> date_from;
    // Bills changed since then are read too, where the ERP can tell; 0: not asked for.
    Instant changed_from = 0;
};

class BillScan final : public Scan {
  public:
    // `checkpoint` of an earlier scan, or ""; a scan that goes on keeps to the range it was begun with.
    BillScan(Ports ports, BillRange range, std::uint64_t expected, const std::string& checkpoint);

    std::vector<ErpRow> next() override;
    bool over() const override { return part_ == kTypes * kParts; }
    bool resumed() const override { return resumed_; }
    bool complete() const override { return over() && !resumed_ && !missed_; }
    bool doubtful() const override { return over() && missed_; }
    bool saw(const std::string& erp_id) const override { return seen_.contains(erp_id); }
    bool covers(const Record& base) const override;
    std::string checkpoint() const override;
    Progress progress() const override;
    std::optional<ErpRow> look_up(const Record& base) override;

  private:
    static constexpr std::uint32_t kPage = 100;
    static constexpr std::size_t kTypes = 5;
    static constexpr std::size_t kParts = 3;  // by date, unpaid, by last change

    static constexpr int kMostPasses = 5;

    std::optional<BillQuery> query();
    bool judged_before(const ErpRow& row) const;
    void end_pass(const std::optional<std::uint64_t>& total);

    Ports ports_;
    BillRange range_;
    std::uint64_t expected_;
    std::size_t part_ = 0;
    PageSeam seam_;
    bool resumed_ = false;
    std::size_t resumed_type_ = 0;
    bool missed_ = false;
    int pass_ = 1;          // of this part
    bool met_new_ = false;  // in this pass
    SeenSet part_seen_;     // distinct ones of this part
    SeenSet seen_;
};

}  // namespace metakocka::sync
