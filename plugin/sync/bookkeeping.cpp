#include "sync/bookkeeping.hpp"

#include <string_view>
#include <utility>

namespace metakocka::sync {

namespace {

constexpr std::string_view kCrmKey = "crm/";

}  // namespace

std::string crm_key(const std::string& crm_id) {
    return std::string(kCrmKey) + crm_id;
}

std::string crm_id_of(const std::string& key) {
    return key.starts_with(kCrmKey) ? key.substr(kCrmKey.size()) : std::string();
}

Bookkeeping::Bookkeeping(Ports ports, RecordKind kind) : ports_(ports), kind_(kind) {
    for (auto& entry : ports_.store.quarantine(kind)) quarantined_.emplace(entry.erp_id, entry);
}

void Bookkeeping::quarantine(Run& run, Batch& batch, const std::string& key, const std::string& crm_id,
                             const std::string& reason) {
    const bool of_crm = !crm_id_of(key).empty();
    count(run, batch, of_crm ? "" : key, crm_id, Bucket::kQuarantined, reason);
    if (key.empty()) return;  // nothing to find it by again
    auto& entry = quarantined_[key];
    if (entry.reason != reason) {
        ports_.log.note(LogLevel::kWarning, run, "quarantine",
                        std::string(to_text(kind_)) + ' ' + key + " was kept aside: " + reason);
    }
    if (entry.since == 0) entry.since = ports_.clock.now();
    entry.erp_id = key;
    entry.reason = reason;
    ++entry.tries;
    batch.quarantine.push_back(entry);
}

void Bookkeeping::release(Batch& batch, const std::string& key) {
    if (quarantined_.erase(key) > 0) batch.released.push_back(key);
}

std::vector<std::string> Bookkeeping::quarantined_in_crm() const {
    std::vector<std::string> ids;
    for (auto it = quarantined_.lower_bound(std::string(kCrmKey)); it != quarantined_.end(); ++it) {
        std::string id = crm_id_of(it->first);
        if (id.empty()) break;
        ids.push_back(std::move(id));
    }
    return ids;
}

void Bookkeeping::count(Run& run, Batch& batch, const std::string& erp_id, const std::string& crm_id,
                        Bucket bucket, const std::string& reason) {
    ++run.counts[bucket];
    if (bucket == Bucket::kUnchanged) return;
    batch.outcomes.push_back({.erp_id = erp_id, .crm_id = crm_id, .bucket = bucket, .reason = reason});
}

void Bookkeeping::replaced(Batch& batch, const std::string& erp_id, const CrmWritten& written,
                           const Record& now) {
    for (const auto& [field, before] : written.previous) {
        Value after = field == "active" ? Value{now.active ? "true" : "false"} : now.at(field);
        batch.history.push_back({.crm_id = written.id,
                                 .erp_id = erp_id,
                                 .field = field,
                                 .before = before,
                                 .after = std::move(after)});
    }
}

}  // namespace metakocka::sync
