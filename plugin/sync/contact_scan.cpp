#include "sync/contact_scan.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <boost/json.hpp>

namespace metakocka::sync {

namespace {

// Vowels first: nearly every name has one, so that the rest of the sweep mostly finds nothing new.
constexpr std::array<std::string_view, 39> kLetters{
    "a", "e", "i", "o", "u", "n", "r", "s", "t", "l", "k", "m", "d", "p", "v", "j", "z", "b", "g", "h",
    "c", "č", "š", "ž", "f", "w", "y", "x", "q", "0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};

constexpr int kQuietSweeps = 6;
constexpr std::uint32_t kPage = 100;
constexpr std::array kBillTypes{BillType::kDomestic, BillType::kForeign, BillType::kRetail,
                                BillType::kPrepaid, BillType::kCreditNote};

}  // namespace

ContactScan::ContactScan(Ports ports, ContactScanOptions options)
    : ports_(ports), options_(std::move(options)), seam_(kPage) {}

std::vector<ErpRow> ContactScan::next() {
    switch (phase_) {
        case Phase::kUnlinked:
            load_unlinked();
            phase_ = Phase::kSweep;
            return {};
        case Phase::kSweep:
            return sweep();
        case Phase::kDocuments:
            return documents();
        case Phase::kFound:
            return look_up_found();
        case Phase::kLookups:
            return look_up_unlinked();
        case Phase::kRefresh:
            return refresh();
        case Phase::kOver:
            break;
    }
    return {};
}

void ContactScan::load_unlinked() {
    constexpr std::size_t kUnlinkedPage = 500;
    std::string after;
    while (true) {
        const CrmPage page = ports_.crm.unlinked(RecordKind::kContacts, after, kUnlinkedPage);
        for (const auto& row : page.rows) {
            const Value& tax = row.record.at("taxNumber");
            const Value& email = row.record.at("email");
            if (tax) {
                lookups_.emplace_back(PartnerKey::kTaxNumber, *tax);
            } else if (email) {
                lookups_.emplace_back(PartnerKey::kEmail, *email);
            }
        }
        if (!page.next) return;
        after = *page.next;
    }
}

// The partners that answer to `text` and were not met before. A question that the ERP refuses (a malformed
// e-mail address, a name too short for this installation) finds nobody; it must not end the run.
std::vector<ErpRow> ContactScan::ask(PartnerKey key, const std::string& text) {
    std::vector<ErpRow> rows;
    try {
        rows = ports_.erp.partners(key, text);
    } catch (const ErpError& error) {
        if (error.error_class() != ErpErrorClass::kRecord && error.error_class() != ErpErrorClass::kNotFound)
            throw;
    }
    std::erase_if(rows, [this](const ErpRow& row) {
        return !row.record.erp_id.empty() && !seen_.insert(row.record.erp_id);
    });
    return rows;
}

std::vector<ErpRow> ContactScan::sweep() {
    auto rows = ask(PartnerKey::kName, std::string(kLetters[letter_]));
    by_sweep_ += rows.size();
    quiet_sweeps_ = rows.empty() ? quiet_sweeps_ + 1 : 0;
    ++letter_;
    if (letter_ == kLetters.size() || (!options_.every_letter && quiet_sweeps_ >= kQuietSweeps)) {
        phase_ = Phase::kDocuments;
    }
    return rows;
}

std::vector<ErpRow> ContactScan::documents() {
    const BillQuery query{.type = kBillTypes[bill_type_],
                          .date_from = options_.documents_from,
                          .unpaid_only = false,
                          .changed_from = {}};
    const ErpPage page = ports_.erp.bills(query, seam_.offset(), seam_.limit());
    std::vector<std::string_view> ids;
    ids.reserve(page.rows.size());
    for (const auto& row : page.rows) ids.emplace_back(row.record.erp_id);
    for (const auto& partner : page.partners) {
        if (!partner.record.erp_id.empty() && !seen_.contains(partner.record.erp_id)) {
            found_.insert(partner.record.erp_id);
        }
    }
    seam_.take(ids);
    if (seam_.over()) {
        seam_ = PageSeam(kPage);
        if (++bill_type_ == kBillTypes.size()) phase_ = Phase::kFound;
    }
    return {};
}

std::vector<ErpRow> ContactScan::look_up_found() {
    if (found_.empty()) {
        phase_ = Phase::kLookups;
        return {};
    }
    const std::string id = *found_.begin();
    auto rows = seen_.contains(id) ? std::vector<ErpRow>{} : ask(PartnerKey::kId, id);
    found_.erase(id);
    by_documents_ += rows.size();
    return rows;
}

std::vector<ErpRow> ContactScan::look_up_unlinked() {
    if (lookups_.empty() || options_.lookup_budget == 0) {
        phase_ = Phase::kRefresh;
        return {};
    }
    auto rows = ask(lookups_.front().first, lookups_.front().second);
    lookups_.pop_front();
    --options_.lookup_budget;
    by_lookup_ += rows.size();
    return rows;
}

std::vector<ErpRow> ContactScan::refresh() {
    constexpr std::size_t kLinkPage = 1000;
    if (!refresh_loaded_) {
        refresh_loaded_ = true;
        refresh_cursor_ = ports_.store.memo(RecordKind::kContacts, "refresh_after").value_or("");
        std::vector<std::string> before;  // comes round to those in front of the cursor
        std::string after;
        while (true) {
            const auto links = ports_.store.active_links(RecordKind::kContacts, after, kLinkPage);
            for (const auto& link : links) {
                if (seen_.contains(link.erp_id)) continue;
                if (link.erp_id > refresh_cursor_) {
                    refresh_.push_back(link.erp_id);
                } else {
                    before.push_back(link.erp_id);
                }
            }
            if (links.size() < kLinkPage) break;
            after = links.back().erp_id;
        }
        refresh_.insert(refresh_.end(), before.begin(), before.end());
        if (refresh_.size() > options_.refresh_budget) {
            not_refreshed_ = refresh_.size() - options_.refresh_budget;
            refresh_.resize(options_.refresh_budget);
        }
    }
    if (refresh_.empty()) {
        phase_ = Phase::kOver;
        return {};
    }
    auto rows = ask(PartnerKey::kId, refresh_.front());
    refresh_cursor_ = refresh_.front();
    refresh_.pop_front();
    if (rows.empty() && !seen_.contains(refresh_cursor_)) not_found_.insert(refresh_cursor_);
    refreshed_ += rows.size();
    return rows;
}

Progress ContactScan::progress() const {
    static constexpr std::array<std::string_view, 7> kPhases{
        "reading CRM", "sweeping", "reading documents", "looking up", "looking up", "refreshing", "done"};
    const std::uint64_t done = seen_.size();
    return {done, over() ? done : std::max(options_.expected, done),
            std::string(kPhases[static_cast<std::size_t>(phase_)])};
}

std::optional<ErpRow> ContactScan::look_up(const Record& base) {
    for (auto& row : ports_.erp.partners(PartnerKey::kId, base.erp_id)) {
        if (row.record.erp_id == base.erp_id) return std::move(row);
    }
    return std::nullopt;
}

std::string ContactScan::note() const {
    return boost::json::serialize(boost::json::object{{"found", seen_.size()},
                                                      {"bySweep", by_sweep_},
                                                      {"byDocuments", by_documents_},
                                                      {"byLookup", by_lookup_},
                                                      {"refreshed", refreshed_},
                                                      {"notRefreshed", not_refreshed_},
                                                      {"complete", false}});
}

void ContactScan::finished() {
    if (!refresh_cursor_.empty()) {
        ports_.store.put_memo(RecordKind::kContacts, "refresh_after", refresh_cursor_);
    }
}

}  // namespace metakocka::sync
