#pragma once

#include <array>
#include <atomic>
#include <boost/json.hpp>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <string>

#include "ledger.hpp"

namespace metakocka::sim {

// What a test counts: calls by endpoint, refusals, and how well the caller keeps to one scan at a time.
class Counters {
  public:
    void called(std::string_view endpoint);
    void auth_failed();
    void answered(std::string_view opr_code);
    void scan_begins();
    void scan_ends();
    void reset();
    boost::json::object json() const;

  private:
    mutable std::mutex mutex_;
    std::map<std::string, std::uint64_t, std::less<>> calls_;
    std::map<std::string, std::uint64_t, std::less<>> codes_;
    std::uint64_t total_ = 0, auth_failures_ = 0, scans_now_ = 0, most_scans_ = 0;
};

class Company {
  public:
    explicit Company(Ledger ledger_) : ledger(std::move(ledger_)) {}

    std::mutex mutex;  // guards the ledger
    Ledger ledger;
    Counters counters;
    std::atomic<std::uint64_t> nonce{0};

    // The lane a scan waits in: lane 0 for all, another one for each searchGroup where the installation has
    // them.
    std::mutex& scan_lane(std::size_t group) { return lanes_[group % lanes_.size()]; }
    // True when the call is one too many for this minute.
    bool over_quota(unsigned per_minute);

  private:
    std::array<std::mutex, 8> lanes_;
    std::mutex quota_mutex_;
    std::deque<Instant> recent_;
};

boost::json::object to_json(const CompanyOptions& options);
void apply(CompanyOptions& options, const boost::json::object& json);  // throws std::invalid_argument

}  // namespace metakocka::sim
