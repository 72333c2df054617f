// Slows down guessing of passwords.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>

namespace crm::sample {

// Five wrong passwords for one name from one address, then a wait that doubles up to 15 minutes.
class LoginThrottle {
  public:
    // Seconds to wait before the next attempt, 0 when it may go ahead.
    std::int64_t wait_seconds(const std::string& key, std::int64_t now_us);
    void failed(const std::string& key, std::int64_t now_us);
    void succeeded(const std::string& key);

  private:
    struct Entry {
        int failures = 0;
        std::int64_t blocked_until = 0;
        std::int64_t last = 0;
    };
    std::mutex mutex_;
    std::map<std::string, Entry> entries_;
};

}  // namespace crm::sample
