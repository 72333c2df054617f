// Contacts. The ERP can't list its partners (metakocka-api.md §5), so they are found in three ways: sweeps by
// letters, the partners on documents, and look-ups for what the CRM knows; linked ones that none of these met
// are refreshed by turns within a budget of calls.
#pragma once

#include <deque>
#include <set>

#include "sync/page_seam.hpp"
#include "sync/ports.hpp"
#include "sync/scan.hpp"
#include "sync/seen_set.hpp"

namespace metakocka::sync {

struct ContactScanOptions {
    std::optional<std::string> documents_from;  // oldest document to read, YYYY-MM-DD; null reads all
    bool every_letter = false;                  // sweep to the end even when nothing new comes
    std::uint32_t lookup_budget = 200;          // look-ups for contacts that only the CRM knows
    std::uint32_t refresh_budget = 200;         // refreshed linked partners
    std::uint64_t expected = 0;                 // linked contacts
};

class ContactScan final : public Scan {
  public:
    ContactScan(Ports ports, ContactScanOptions options);

    std::vector<ErpRow> next() override;
    bool over() const override { return phase_ == Phase::kOver; }
    // There is no complete listing; only contacts looked for by id and not found are covered.
    bool complete() const override { return over(); }
    bool saw(const std::string& erp_id) const override { return seen_.contains(erp_id); }
    bool covers(const Record& base) const override { return not_found_.contains(base.erp_id); }
    std::string checkpoint() const override { return {}; }
    Progress progress() const override;
    std::optional<ErpRow> look_up(const Record& base) override;
    std::string note() const override;
    void finished() override;

  private:
    enum class Phase { kUnlinked, kSweep, kDocuments, kFound, kLookups, kRefresh, kOver };

    void load_unlinked();
    std::vector<ErpRow> sweep();
    std::vector<ErpRow> documents();
    std::vector<ErpRow> look_up_found();
    std::vector<ErpRow> look_up_unlinked();
    std::vector<ErpRow> refresh();
    std::vector<ErpRow> ask(PartnerKey key, const std::string& text);

    Ports ports_;
    ContactScanOptions options_;
    Phase phase_ = Phase::kUnlinked;
    SeenSet seen_;

    std::size_t letter_ = 0;
    int quiet_sweeps_ = 0;
    std::size_t bill_type_ = 0;
    PageSeam seam_;
    std::set<std::string> found_;  // partners on documents that no sweep met

    std::deque<std::pair<PartnerKey, std::string>> lookups_;
    std::deque<std::string> refresh_;
    bool refresh_loaded_ = false;
    std::string refresh_cursor_;
    std::set<std::string> not_found_;

    std::uint64_t by_sweep_ = 0;
    std::uint64_t by_documents_ = 0;
    std::uint64_t by_lookup_ = 0;
    std::uint64_t refreshed_ = 0;
    std::uint64_t not_refreshed_ = 0;
};

}  // namespace metakocka::sync
