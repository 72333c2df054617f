#include "faults.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "request.hpp"

namespace metakocka::sim {
namespace {

constexpr std::array<std::string_view, 16> kKinds{
    "http500", "html200", "truncate",  "drop", "drop_after_write", "slow",  "drip",    "quota", "auth",
    "ip",      "empty",   "opr_error", "hang", "retry_after",      "shift", "bad_json"};

std::int64_t number(const boost::json::object& json, std::string_view name, std::int64_t fallback) {
    const auto* value = json.if_contains(name);
    return value == nullptr ? fallback : value->to_number<std::int64_t>();
}

}  // namespace

Fault fault_from(const boost::json::object& json) {
    const Fields fields(json);
    Fault fault;
    if (fields.has("endpoint")) fault.endpoint = fields.text("endpoint");
    if (fields.has("company")) fault.company = fields.text("company");
    fault.kind = fields.text("kind");
    if (std::find(kKinds.begin(), kKinds.end(), fault.kind) == kKinds.end()) {
        throw std::invalid_argument("unknown fault kind '" + fault.kind + "'");
    }
    fault.count = number(json, "count", 1);
    fault.after_calls = number(json, "afterCalls", 0);
    fault.ms = number(json, "ms", 0);
    fault.code = fields.text("code");
    fault.text = fields.text("text");
    return fault;
}

boost::json::object to_json(const Fault& fault) {
    return {{"endpoint", fault.endpoint},
            {"kind", fault.kind},
            {"company", fault.company},
            {"count", fault.count},
            {"afterCalls", fault.after_calls},
            {"ms", fault.ms},
            {"code", fault.code},
            {"text", fault.text},
            {"fired", fault.fired}};
}

void FaultList::add(Fault fault) {
    const std::lock_guard lock(mutex_);
    faults_.push_back(std::move(fault));
}

void FaultList::clear() {
    const std::lock_guard lock(mutex_);
    faults_.clear();
}

std::vector<Fault> FaultList::take(std::string_view endpoint, std::string_view company) {
    const std::lock_guard lock(mutex_);
    std::vector<Fault> fired;
    for (auto& fault : faults_) {
        if (fault.count == 0) continue;
        if (fault.endpoint != "*" && fault.endpoint != endpoint) continue;
        if (fault.company != "*" && fault.company != company) continue;
        // Two faults of one kind hit two calls, one after the other.
        if (std::any_of(fired.begin(), fired.end(), [&](const Fault& f) { return f.kind == fault.kind; }))
            continue;
        if (fault.after_calls > 0) {
            --fault.after_calls;
            continue;
        }
        if (fault.count > 0) --fault.count;
        ++fault.fired;
        fired.push_back(fault);
    }
    return fired;
}

boost::json::array FaultList::list() const {
    const std::lock_guard lock(mutex_);
    boost::json::array result;
    for (const auto& fault : faults_) result.push_back(to_json(fault));
    return result;
}

}  // namespace metakocka::sim
