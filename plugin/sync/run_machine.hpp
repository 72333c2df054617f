// One run of one kind, in steps: scan → compare → apply, then the candidates for deletion, then what the CRM
// changed.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "model/settings.hpp"
#include "sync/applier.hpp"
#include "sync/guard.hpp"
#include "sync/ports.hpp"
#include "sync/scan.hpp"

namespace metakocka::sync {

class RunMachine {
  public:
    // `run` is queued, or was running when the process ended; its checkpoint says where to go on.
    // `verifies`: the applier compares every record of both sides; such a run that read everything is
    // remembered as memo "full_sweep_at".
    RunMachine(Ports ports, Run run, std::unique_ptr<Scan> scan, std::unique_ptr<Applier> applier,
               DeleteGuard guard, bool verifies);

    // Does at most one exchange with the ERP and commits what came of it. True while there is more to do.
    // Never throws for trouble of the ERP or of a record: the run then ends as failed or held. When the
    // exchange was interrupted (ErpErrorClass::kCancelled) the run stays as it is: cancel it, or drop it and
    // go on from its checkpoint later.
    bool step();

    // Ends it at once as cancelled; what was committed stays, the checkpoint too.
    void cancel();

    const Run& run() const { return run_; }
    // Of a failed run, what the ERP's trouble was.
    std::optional<ErpErrorClass> trouble() const { return trouble_; }
    int retry_after_s() const { return retry_after_s_; }

  private:
    enum class Phase { kPreparing, kReading, kCandidates, kConfirming, kPushing, kDone };

    void prepare();
    void read();
    void find_candidates();
    void confirm();
    void deactivate_confirmed();
    void push();
    void finish();
    void commit(const Batch& batch);
    void update_figures();
    void end(RunState state, const std::string& error_kind, const std::string& error);
    std::string held_back(std::uint64_t limit) const;

    Ports ports_;
    Run run_;
    std::unique_ptr<Scan> scan_;
    DeleteGuard guard_;
    std::unique_ptr<Applier> applier_;
    bool verifies_;
    Phase phase_ = Phase::kPreparing;
    CallStats calls_before_;
    CallStats stats_at_start_;
    Instant saved_at_ = 0;
    std::uint64_t active_links_ = 0;
    std::vector<Record> candidates_;
    std::vector<Record> gone_;
    std::size_t confirmed_ = 0;
    std::uint64_t still_there_ = 0;
    std::uint64_t rows_read_ = 0;
    bool doubtful_ = false;
    std::string held_;  // why nothing is deactivated; "" when the guard has nothing against it
    std::optional<ErpErrorClass> trouble_;
    int retry_after_s_ = 0;
};

}  // namespace metakocka::sync
