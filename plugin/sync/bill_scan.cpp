#include "sync/bill_scan.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "sync/checkpoint.hpp"

namespace metakocka::sync {

namespace {

constexpr std::array<std::pair<BillType, std::string_view>, 5> kBillTypes{
    {{BillType::kDomestic, "domestic"},
     {BillType::kForeign, "foreign"},
     {BillType::kRetail, "retail"},
     {BillType::kPrepaid, "prepaid"},
     {BillType::kCreditNote, "credit_note"}}};

}  // namespace

std::optional<BillType> parse_bill_type(std::string_view text) {
    for (const auto& [type, name] : kBillTypes) {
        if (name == text) return type;
    }
    return std::nullopt;
}

std::string_view to_text(BillType type) {
    return kBillTypes[static_cast<std::size_t>(type)].second;
}

BillScan::BillScan(Ports ports, BillRange range, std::uint64_t expected, const std::string& checkpoint)
    : ports_(ports), range_(std::move(range)), expected_(expected), seam_(kPage) {
    const std::string_view text = checkpoint;
    const auto bar = text.find('|');
    const auto colon = text.find(':');
    if (bar == std::string_view::npos || colon == std::string_view::npos || colon < bar) return;
    const std::size_t part =
        std::min<std::size_t>(parse_offset(text.substr(bar + 1, colon - bar - 1)), kTypes * kParts - 1);
    const PageSeam seam(kPage, text.substr(colon + 1));
    if (part == 0 && !seam.resumed()) return;  // nothing was read yet
    range_.date_from = bar == 0 ? std::optional<std::string>{} : std::string(text.substr(0, bar));
    part_ = part;
    seam_ = seam;
    resumed_ = true;  // what came before the checkpoint was not met by this scan
    resumed_type_ = part / kParts;
    if (seam_.resumed()) seen_.insert(seam_.last_id());
}

// The query of the part the scan is in; nothing when this part has nothing to add.
std::optional<BillQuery> BillScan::query() {
    BillQuery query{
        .type = kBillTypes[part_ / kParts].first, .date_from = {}, .unpaid_only = false, .changed_from = {}};
    switch (part_ % kParts) {
        case 0:
            query.date_from = range_.date_from;
            return query;
        case 1:
            if (!range_.date_from) return std::nullopt;
            query.unpaid_only = true;
            return query;
        default:
            if (!range_.date_from || range_.changed_from == 0 || !ports_.erp.offers_last_change(query.type))
                return std::nullopt;
            query.changed_from = range_.changed_from;
            return query;
    }
}

std::vector<ErpRow> BillScan::next() {
    const auto asked = query();
    if (!asked) {
        ++part_;
        return {};
    }
    ErpPage page = ports_.erp.bills(*asked, seam_.offset(), seam_.limit());
    std::vector<std::string_view> ids;
    ids.reserve(page.rows.size());
    for (const auto& row : page.rows) ids.emplace_back(row.record.erp_id);
    for (const auto& id : ids) met_new_ = part_seen_.insert(id) || met_new_;
    seam_.take(ids);
    std::erase_if(page.rows, [this](const ErpRow& row) {
        return judged_before(row) || (!row.record.erp_id.empty() && !seen_.insert(row.record.erp_id));
    });
    if (seam_.over()) {
        end_pass(page.total);
    } else {
        ports_.erp.expect_bills(*asked, seam_.offset(), seam_.limit());
    }
    return std::move(page.rows);
}

// Of a scan that goes on: whether an earlier part, read before the checkpoint, had this bill already.
bool BillScan::judged_before(const ErpRow& row) const {
    const std::size_t part = part_ % kParts;
    if (!resumed_ || part_ / kParts != resumed_type_ || part == 0 || !row.problem.empty()) return false;
    const Value& date = row.record.at("date");
    const bool in_window = date && *date >= *range_.date_from;
    return in_window || (part == 2 && row.record.at("status") != Value{"paid"});
}

// The ERP tells how many there are; as long as passes bring new ones, a part that is short of them is read
// again.
void BillScan::end_pass(const std::optional<std::uint64_t>& total) {
    const bool short_of = !seam_.resumed() && total && part_seen_.size() < *total;
    const bool whole = seam_.bridged() && !short_of;
    if (!whole && met_new_ && pass_ < kMostPasses) {
        ++pass_;
    } else {
        missed_ = missed_ || !whole;
        ++part_;
        pass_ = 1;
        part_seen_ = {};
    }
    met_new_ = false;
    seam_ = PageSeam(kPage);
}

bool BillScan::covers(const Record& base) const {
    if (!range_.date_from) return true;
    const Value& date = base.at("date");
    return !date || *date >= *range_.date_from || base.at("status") != Value{"paid"};
}

std::string BillScan::checkpoint() const {
    return range_.date_from.value_or("") + '|' + std::to_string(part_) + ':' + seam_.checkpoint();
}

Progress BillScan::progress() const {
    return {seen_.size(), over() ? seen_.size() : std::max<std::uint64_t>(expected_, seen_.size()),
            "reading"};
}

std::optional<ErpRow> BillScan::look_up(const Record& base) {
    const auto type = parse_bill_type(base.at("kind").value_or(""));
    if (!type) return ErpRow{base, "the stored kind of this bill is not known"};
    return ports_.erp.bill(*type, base.erp_id);
}

}  // namespace metakocka::sync
