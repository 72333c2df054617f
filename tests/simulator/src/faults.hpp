#pragma once

#include <boost/json.hpp>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace metakocka::sim {

struct Fault {
    std::string endpoint = "*";
    std::string kind;
    std::string company = "*";
    std::int64_t count = 1;        // -1: for ever
    std::int64_t after_calls = 0;  // lets this many matching calls through first
    std::int64_t ms = 0;
    std::string code, text;
    std::uint64_t fired = 0;
};

Fault fault_from(const boost::json::object& json);  // throws std::invalid_argument
boost::json::object to_json(const Fault& fault);

// The faults a test asked for. A call meets one of each kind, so that "slow" goes
// with any other.
class FaultList {
  public:
    void add(Fault fault);
    void clear();
    std::vector<Fault> take(std::string_view endpoint, std::string_view company);
    boost::json::array list() const;

  private:
    mutable std::mutex mutex_;
    std::vector<Fault> faults_;
};

}  // namespace metakocka::sim
