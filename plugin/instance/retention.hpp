// How long logs and the records of finished runs are kept. History of replaced values is not touched.
#pragma once

#include "store/log_book.hpp"
#include "store/run_log.hpp"
#include "sync/clock.hpp"

namespace metakocka {

class Retention {
  public:
    Retention(store::LogBook& logs, store::RunLog& runs, sync::Clock& clock)
        : logs_(logs), runs_(runs), clock_(clock) {}

    // [task-thread] At most once a day; otherwise nothing.
    void apply_if_due() {
        const sync::Instant now = clock_.now();
        if (applied_at_ != 0 && now - applied_at_ < sync::kDay) return;
        applied_at_ = now;
        logs_.prune(now - kKept, kMostEntries);
        runs_.prune(now - kKept);
    }

  private:
    static constexpr sync::Duration kKept = 180 * sync::kDay;
    static constexpr std::uint64_t kMostEntries = 1'000'000;

    store::LogBook& logs_;
    store::RunLog& runs_;
    sync::Clock& clock_;
    sync::Instant applied_at_ = 0;
};

}  // namespace metakocka
