#include "sync/run_machine.hpp"

#include <exception>
#include <utility>

namespace metakocka::sync {

namespace {

constexpr Duration kSaveEvery = 2 * kSecond;
// So many records that the listing left out but a look-up found prove that the listing can't be trusted.
constexpr std::uint64_t kLiesTolerated = 20;
// Bounds the memory and the calls of one run; the rest is found again by the next.
constexpr std::size_t kMaxCandidates = 5000;

std::string_view error_kind(ErpErrorClass error) {
    switch (error) {
        case ErpErrorClass::kTransient:
            return "transient";
        case ErpErrorClass::kTls:
            return "tls";
        case ErpErrorClass::kCredentials:
            return "credentials";
        case ErpErrorClass::kAddress:
            return "address";
        case ErpErrorClass::kQuota:
            return "quota";
        case ErpErrorClass::kRecord:
            return "request";
        case ErpErrorClass::kNotFound:
            return "not_found";
        case ErpErrorClass::kAlreadyExists:
            return "already_exists";
        case ErpErrorClass::kNotTheApi:
            return "not_the_api";
        case ErpErrorClass::kUnknownOutcome:
            return "unknown_outcome";
        case ErpErrorClass::kCancelled:
            return "cancelled";
    }
    return "internal";
}

}  // namespace

RunMachine::RunMachine(Ports ports, Run run, std::unique_ptr<Scan> scan, std::unique_ptr<Applier> applier,
                       DeleteGuard guard, bool verifies)
    : ports_(ports),
      run_(std::move(run)),
      scan_(std::move(scan)),
      guard_(guard),
      applier_(std::move(applier)),
      verifies_(verifies),
      calls_before_{run_.calls, run_.retries, run_.bytes},
      stats_at_start_(ports.erp.stats()) {
    run_.state = RunState::kRunning;
    if (!scan_->resumed()) run_.counts = {};  // it judges everything again
    if (run_.started_at == 0) run_.started_at = ports_.clock.now();
    ports_.store.save_run(run_);
    saved_at_ = ports_.clock.monotonic();
}

bool RunMachine::step() {
    try {
        switch (phase_) {
            case Phase::kPreparing:
                prepare();
                break;
            case Phase::kReading:
                read();
                break;
            case Phase::kCandidates:
                find_candidates();
                break;
            case Phase::kConfirming:
                confirm();
                break;
            case Phase::kPushing:
                push();
                break;
            case Phase::kDone:
                break;
        }
    } catch (const ErpError& error) {
        if (error.error_class() == ErpErrorClass::kCancelled) return true;
        trouble_ = error.error_class();
        retry_after_s_ = error.retry_after_s();
        end(RunState::kFailed, std::string(error_kind(error.error_class())), error.what());
    } catch (const std::exception& error) {
        end(RunState::kFailed, "internal", error.what());
    }
    return phase_ != Phase::kDone;
}

void RunMachine::cancel() {
    if (phase_ != Phase::kDone) end(RunState::kCancelled, "", "");
}

void RunMachine::prepare() {
    if (const auto batch = applier_->prepare(run_)) {
        commit(*batch);
    } else {
        phase_ = Phase::kReading;
    }
}

void RunMachine::read() {
    auto rows = scan_->next();
    rows_read_ += rows.size();
    const Batch batch = applier_->apply(run_, std::move(rows));
    run_.checkpoint = scan_->checkpoint();
    run_.progress = scan_->progress();
    commit(batch);
    if (scan_->over()) phase_ = Phase::kCandidates;
}

void RunMachine::commit(const Batch& batch) {
    update_figures();
    const Instant now = ports_.clock.monotonic();
    if (!batch.empty()) {
        ports_.store.commit(run_, batch);
    } else if (now - saved_at_ >= kSaveEvery) {
        ports_.store.save_run(run_);
    } else {
        return;
    }
    saved_at_ = now;
}

void RunMachine::find_candidates() {
    constexpr std::size_t kPage = 1000;
    phase_ = Phase::kConfirming;
    run_.progress.phase = "confirming";
    run_.note = scan_->note();
    if (!scan_->complete()) {
        if (!scan_->lists()) return;
        ports_.log.note(LogLevel::kInfo, run_, "scan",
                        "The list was not read whole in one go, so nothing is deactivated in this run.");
        return;
    }
    std::string after;
    while (candidates_.size() < kMaxCandidates) {
        const auto links = ports_.store.active_links(run_.kind, after, kPage);
        active_links_ += links.size();
        for (const auto& link : links) {
            if (scan_->saw(link.erp_id)) continue;
            const auto base = ports_.store.base(run_.kind, link.erp_id);
            if (!base) continue;
            Record record = decode_record(run_.kind, link.erp_id, *base);
            if (scan_->covers(record)) candidates_.push_back(std::move(record));
        }
        if (links.size() < kPage) break;
        after = links.back().erp_id;
    }
    if (!candidates_.empty() && rows_read_ == 0) {
        doubtful_ = true;
        candidates_.clear();
        ports_.log.note(LogLevel::kWarning, run_, "scan",
                        "Metakocka answered with an empty list although records are linked; nothing was "
                        "deactivated.");
    }
}

void RunMachine::confirm() {
    const std::uint64_t limit = guard_.limit(active_links_);
    if (gone_.size() > limit) {
        held_ = held_back(limit);
        phase_ = Phase::kPushing;
        return;
    }
    if (confirmed_ == candidates_.size() || doubtful_) {
        deactivate_confirmed();
        return;
    }
    const Record& candidate = candidates_[confirmed_];
    std::optional<ErpRow> row;
    try {
        row = scan_->look_up(candidate);
    } catch (const ErpError& error) {
        if (error.error_class() != ErpErrorClass::kRecord) throw;
        ports_.log.note(
            LogLevel::kWarning, run_, "scan",
            std::string(to_text(run_.kind)) + ' ' + candidate.erp_id +
                " was not in the list and could not be looked up; it stays as it is: " + error.what());
        ++confirmed_;
        return;
    }
    ++confirmed_;
    if (!row) {
        gone_.push_back(candidate);
        return;
    }
    // A record that changed may have left what was listed (a bill that was paid); one that did not change
    // should have been there.
    if (row->problem.empty() && row->record == candidate && ++still_there_ > kLiesTolerated) {
        doubtful_ = true;
        ports_.log.note(LogLevel::kWarning, run_, "scan",
                        "The list left out records that are still in Metakocka; nothing was deactivated.");
    }
    std::vector<ErpRow> rows;
    rows.push_back(std::move(*row));
    commit(applier_->apply(run_, std::move(rows)));
}

void RunMachine::deactivate_confirmed() {
    phase_ = Phase::kPushing;
    if (!doubtful_ && !gone_.empty()) commit(applier_->deactivate(run_, gone_));
}

void RunMachine::push() {
    if (const auto batch = applier_->push(run_)) {
        run_.progress.phase = "writing";
        commit(*batch);
        return;
    }
    finish();
}

void RunMachine::finish() {
    applier_->finished(run_);
    if (!held_.empty()) {
        end(RunState::kHeld, "guard", held_);
        return;
    }
    if (doubtful_) {
        end(RunState::kPartial, "listing",
            "Metakocka's list was not trustworthy (it left out records that exist), so nothing was "
            "deactivated. "
            "The next run looks again.");
        return;
    }
    scan_->finished();
    if (scan_->complete()) {
        ports_.store.put_memo(run_.kind, "read_everything_at", std::to_string(run_.started_at));
        if (verifies_) ports_.store.put_memo(run_.kind, "full_sweep_at", std::to_string(run_.started_at));
    }
    if (scan_->doubtful()) {
        end(RunState::kPartial, "listing",
            "The list changed so quickly that records may have been missed. The next run looks again.");
        return;
    }
    const std::uint64_t failing = run_.counts[Bucket::kQuarantined];
    end(failing > 0 ? RunState::kPartial : RunState::kSucceeded, failing > 0 ? "quarantine" : "",
        failing > 0 ? std::to_string(failing) + " records could not be taken over; the run's records say why."
                    : "");
}

std::string RunMachine::held_back(std::uint64_t limit) const {
    std::string names;
    constexpr std::size_t kNamed = 5;
    for (std::size_t i = 0; i < gone_.size() && i < kNamed; ++i) {
        names += (i == 0 ? "" : ", ") + gone_[i].erp_id;
    }
    return "At least " + std::to_string(gone_.size()) + " of " + std::to_string(active_links_) +
           " records are no longer in Metakocka (" + names + ", …), and up to " +
           std::to_string(candidates_.size()) + " may be. That is more than the deletion guard allows (" +
           std::to_string(limit) +
           "), so nothing was deactivated. If this is right, raise deleteGuard in the settings and sync "
           "again.";
}

void RunMachine::update_figures() {
    const CallStats now = ports_.erp.stats();
    run_.calls = calls_before_.calls + now.calls - stats_at_start_.calls;
    run_.retries = calls_before_.retries + now.retries - stats_at_start_.retries;
    run_.bytes = calls_before_.bytes + now.bytes - stats_at_start_.bytes;
}

void RunMachine::end(RunState state, const std::string& error_kind_text, const std::string& error) {
    phase_ = Phase::kDone;
    update_figures();
    run_.state = state;
    run_.error_kind = error_kind_text;
    run_.error = error;
    run_.finished_at = ports_.clock.now();
    run_.progress.phase = "done";
    if (state == RunState::kSucceeded || state == RunState::kPartial || state == RunState::kHeld) {
        run_.checkpoint.clear();
    }
    ports_.store.save_run(run_);
}

}  // namespace metakocka::sync
