#include "company.hpp"

#include <algorithm>
#include <stdexcept>

#include "request.hpp"

namespace metakocka::sim {

void Counters::called(std::string_view endpoint) {
    const std::lock_guard lock(mutex_);
    ++total_;
    ++calls_[std::string(endpoint)];
}

void Counters::auth_failed() {
    const std::lock_guard lock(mutex_);
    ++auth_failures_;
}

void Counters::answered(std::string_view opr_code) {
    const std::lock_guard lock(mutex_);
    ++codes_[std::string(opr_code)];
}

void Counters::scan_begins() {
    const std::lock_guard lock(mutex_);
    most_scans_ = std::max(most_scans_, ++scans_now_);
}

void Counters::scan_ends() {
    const std::lock_guard lock(mutex_);
    --scans_now_;
}

void Counters::reset() {
    const std::lock_guard lock(mutex_);
    calls_.clear();
    codes_.clear();
    total_ = auth_failures_ = most_scans_ = 0;
}

boost::json::object Counters::json() const {
    const std::lock_guard lock(mutex_);
    boost::json::object calls;
    for (const auto& [endpoint, count] : calls_) calls[endpoint] = count;
    boost::json::object codes;
    for (const auto& [code, count] : codes_) codes[code] = count;
    return {{"total", total_},
            {"calls", calls},
            {"oprCodes", codes},
            {"authFailures", auth_failures_},
            {"mostParallelScans", most_scans_}};
}

bool Company::over_quota(unsigned per_minute) {
    if (per_minute == 0) return false;
    const std::lock_guard lock(quota_mutex_);
    const Instant moment = now();
    while (!recent_.empty() && recent_.front() + std::chrono::seconds{60} <= moment) recent_.pop_front();
    if (recent_.size() >= per_minute) return true;
    recent_.push_back(moment);
    return false;
}

boost::json::object to_json(const CompanyOptions& o) {
    return {{"partnerSweep", o.partner_sweep},
            {"emailSweep", o.email_sweep},
            {"sweepCap", o.sweep_cap},
            {"billsLastChange", o.bills_last_change},
            {"billsLastChangeTs", o.bills_last_change_ts},
            {"productOrder", o.product_order},
            {"documentOrder", o.document_order},
            {"stockReserved", o.stock_reserved},
            {"searchGroups", o.search_groups},
            {"taxFactorAlways", o.tax_factor_always},
            {"quirks", o.quirks},
            {"quotaPerMinute", o.quota_per_minute},
            {"partnerEmptyClears", o.partner_empty_clears},
            {"addressCity", o.address_city},
            {"productCodeLimit", o.product_code_limit},
            {"countCodeUnique", o.count_code_unique}};
}

void apply(CompanyOptions& target, const boost::json::object& json) {
    CompanyOptions o = target;
    const Fields fields(json);
    const auto choice = [](std::string value, std::initializer_list<std::string_view> allowed) {
        if (std::find(allowed.begin(), allowed.end(), value) == allowed.end()) {
            throw std::invalid_argument("unknown value '" + value + "'");
        }
        return value;
    };
    for (const auto& [key, value] : json) {
        const std::string_view name(key);
        if (name == "partnerSweep")
            o.partner_sweep = choice(text_of(value), {"everything", "capped", "nothing"});
        else if (name == "emailSweep")
            o.email_sweep = choice(text_of(value), {"everything", "capped", "nothing"});
        else if (name == "sweepCap")
            o.sweep_cap = fields.size(name, 100);
        else if (name == "billsLastChange")
            o.bills_last_change = fields.is_true(name);
        else if (name == "billsLastChangeTs")
            o.bills_last_change_ts = fields.is_true(name);
        else if (name == "productOrder")
            o.product_order = choice(text_of(value), {"mk_id", "random", "unstable"});
        else if (name == "documentOrder")
            o.document_order = choice(text_of(value), {"mk_id", "newest", "unstable"});
        else if (name == "stockReserved")
            o.stock_reserved = fields.is_true(name);
        else if (name == "searchGroups")
            o.search_groups = fields.is_true(name);
        else if (name == "taxFactorAlways")
            o.tax_factor_always = fields.is_true(name);
        else if (name == "quirks")
            o.quirks = fields.is_true(name);
        else if (name == "quotaPerMinute")
            o.quota_per_minute = static_cast<unsigned>(fields.size(name, 0));
        else if (name == "partnerEmptyClears")
            o.partner_empty_clears = fields.is_true(name);
        else if (name == "addressCity")
            o.address_city = choice(text_of(value), {"both", "place", "city"});
        else if (name == "productCodeLimit")
            o.product_code_limit = fields.size(name, 50);
        else if (name == "countCodeUnique")
            o.count_code_unique = fields.is_true(name);
        else
            throw std::invalid_argument("unknown option '" + std::string(name) + "'");
    }
    target = o;
}

}  // namespace metakocka::sim
