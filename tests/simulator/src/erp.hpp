#pragma once

#include <condition_variable>
#include <memory>
#include <string>
#include <vector>

#include "company.hpp"
#include "faults.hpp"
#include "generator.hpp"

namespace metakocka::sim {

// How an answer goes out; everything but kWhole is a fault.
enum class Delivery : std::uint8_t { kWhole, kDrop, kTruncate, kDrip };

struct Reply {
    int status = 200;
    std::string content_type = "application/json;charset=UTF-8";
    std::string body;
    Delivery delivery = Delivery::kWhole;
    std::chrono::milliseconds pace{20};  // between the pieces of a drip
    std::string retry_after;
};

struct WriteRecord {
    std::uint64_t number = 0;
    std::uint32_t company = 0;
    std::string endpoint;
    boost::json::object body;  // without the secret key
    std::string opr_code;
    MkId mk_id = 0;
    Instant at;
    bool answer_lost = false;
};

struct ErpSettings {
    std::uint32_t companies = 1;
    Sizes sizes;
    std::uint64_t seed = 1;
    Date today;
    std::chrono::milliseconds latency{0};
};

// The whole stand-in, without HTTP: companies, faults and the record of what was written.
class Erp {
  public:
    explicit Erp(ErpSettings settings);

    // One call at `path` below /rest/eshop/v1/.
    Reply call(std::string_view path, std::string_view body, std::size_t search_group);

    [[nodiscard]] const ErpSettings& settings() const { return settings_; }
    // Makes the company's records when it is first asked for: 1,000 companies cost nothing until used.
    Company* company(std::uint32_t id);
    FaultList& faults() { return faults_; }
    boost::json::array writes(std::uint32_t company) const;  // 0: of all
    void clear_writes();
    [[nodiscard]] std::uint64_t auth_failures() const { return auth_failures_; }
    void stop();  // wakes whoever sleeps
    // False when woken by stop().
    bool sleep(std::chrono::milliseconds time);

  private:
    struct Slot {
        std::mutex mutex;
        std::unique_ptr<Company> company;
    };

    Reply run(const struct Endpoint& endpoint, Company& company, boost::json::object body,
              const std::vector<Fault>& faults, std::size_t search_group);
    std::string execute(const struct Endpoint& endpoint, Company& company, const boost::json::object& body,
                        bool shifted, WriteRecord& record);
    void record(WriteRecord record, boost::json::object body);

    ErpSettings settings_;
    std::vector<std::unique_ptr<Slot>> slots_;
    FaultList faults_;
    mutable std::mutex writes_mutex_;
    std::vector<WriteRecord> writes_;
    std::atomic<std::uint64_t> auth_failures_{0};
    std::mutex stop_mutex_;
    std::condition_variable stop_signal_;
    bool stopping_ = false;
};

Reply not_found();

}  // namespace metakocka::sim
