#include "auth/throttle.hpp"

#include <algorithm>

namespace crm::sample {
namespace {

constexpr std::int64_t kSecond = 1000000;
constexpr int kFreeAttempts = 5;
constexpr std::int64_t kMaxWait = 900 * kSecond;
constexpr std::size_t kMaxEntries = 10000;

}  // namespace

std::int64_t LoginThrottle::wait_seconds(const std::string& key, std::int64_t now_us) {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(key);
    if (found == entries_.end() || found->second.blocked_until <= now_us) return 0;
    return (found->second.blocked_until - now_us) / kSecond + 1;
}

void LoginThrottle::failed(const std::string& key, std::int64_t now_us) {
    const std::lock_guard lock(mutex_);
    if (entries_.size() >= kMaxEntries) {
        std::erase_if(entries_, [&](const auto& entry) { return entry.second.last + kMaxWait < now_us; });
        if (entries_.size() >= kMaxEntries) entries_.clear();
    }
    Entry& entry = entries_[key];
    if (entry.last + kMaxWait < now_us) entry = {};
    entry.last = now_us;
    if (++entry.failures < kFreeAttempts) return;
    const int doublings = std::min(entry.failures - kFreeAttempts, 10);
    entry.blocked_until = now_us + std::min(kMaxWait, (std::int64_t{5} << doublings) * kSecond);
}

void LoginThrottle::succeeded(const std::string& key) {
    const std::lock_guard lock(mutex_);
    entries_.erase(key);
}

}  // namespace crm::sample
