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
    range_.date_from = bar == 0 ? std::optional<std::string>{} : std::string(text.substr(0, bar));
    part_ = std::min<std::size_t>(parse_offset(text.substr(bar + 1, colon - bar - 1)), kTypes * kParts - 1);
    seam_ = PageSeam(kPage, parse_offset(text.substr(colon + 1)));
    proven_ = false;  // what came before the checkpoint was not met by this scan
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
    seam_.take(ids);
    std::erase_if(page.rows, [this](const ErpRow& row) {
        return !row.record.erp_id.empty() && !seen_.insert(row.record.erp_id);
    });
    if (seam_.over()) {
        proven_ = proven_ && seam_.proven();
        ++part_;
        seam_ = PageSeam(kPage);
    }
    return std::move(page.rows);
}

bool BillScan::covers(const Record& base) const {
    if (!range_.date_from) return true;
    const Value& date = base.at("date");
    return !date || *date >= *range_.date_from || base.at("status") != Value{"paid"};
}

std::string BillScan::checkpoint() const {
    return range_.date_from.value_or("") + '|' + std::to_string(part_) + ':' + std::to_string(seam_.offset());
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

void BillScan::finished() {
    if (range_.date_from || !complete()) return;
    ports_.store.put_memo(RecordKind::kInvoices, "full_sweep_at", std::to_string(ports_.clock.now()));
}

}  // namespace metakocka::sync
