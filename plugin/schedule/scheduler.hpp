// The four timers and the queue of runs of one company. One run at a time, but for looking at single records
// in between; what is asked for while it waits or goes on is that same run.
#pragma once

#include <array>
#include <condition_variable>
#include <deque>
#include <functional>
#include <future>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "crm/scheduler.hpp"
#include "model/settings.hpp"
#include "schedule/run_factory.hpp"
#include "store/run_log.hpp"
#include "store/schedule_store.hpp"
#include "sync/clock.hpp"
#include "sync/log_sink.hpp"

namespace metakocka::schedule {

enum class ConnectionState { kUnconfigured, kOk, kAuthFailed, kUnreachable, kPaused };
enum class KindState { kOff, kIdle, kQueued, kRunning, kBackingOff, kPaused };

struct Connection {
    ConnectionState state = ConnectionState::kUnconfigured;
    sync::Instant checked_at = 0;
    std::string message;
};

struct KindSnapshot {
    KindState state = KindState::kOff;
    sync::Instant next_run_at = 0;  // 0: not planned
    sync::Instant last_success_at = 0;
    std::string error;                 // of the last run, "" when it ended well
    std::optional<sync::Run> current;  // queued or running
    std::optional<sync::Run> last_finished;
};

struct Snapshot {
    Settings settings;
    Connection connection;
    std::array<KindSnapshot, 4> kinds;  // by RecordKind
};

class Scheduler final : public crm::IScheduler {
  public:
    struct Parts {
        RunFactory& factory;
        store::RunLog& runs;
        store::ScheduleStore& timers;
        sync::Clock& clock;
        sync::LogSink& log;
        Alerts& alerts;
        std::function<double()> random;  // in [0, 1); called under the scheduler's lock
        std::function<void()> wake;      // asks the host for run_due soon
    };

    // Takes up what an earlier process left: runs that were queued or running go on from their checkpoint.
    Scheduler(Parts parts, Settings settings);

    crm::Instant run_due(crm::Instant now, crm::Duration budget) override;
    void cancel() override;

    // [any-thread] The rest of the class.
    Snapshot snapshot();
    Settings settings();
    // Takes the new settings over: switching on plans every kind for now, switching off drops the timers.
    // Switching off, or `stop_run`, also cancels what is queued and the run that is going on, its checkpoint
    // kept.
    void change_settings(const Settings& settings, bool stop_run = false);
    // The user gave other credentials (or removed them): what goes on with the old ones is cancelled, and
    // what was wrong with them is forgotten.
    void credentials_changed();
    // What a connection test found out, so that the state shown is the newest known.
    void connection_tested(bool ok, bool refused, const std::string& message);

    struct Requested {
        sync::Run run;
        bool coalesced = false;  // it was queued or running already
    };
    Requested request(RecordKind kind, sync::RunMode mode);

    struct LookAt {
        // The run once it is over; broken when it never comes to that.
        std::shared_future<sync::Run> done;
        bool at_once = false;  // nothing that is known now makes it wait
    };
    // A small run over single records (`ids` are the ERP's; for stock, of products). A long run of a kind
    // that it does not touch waits for it between two steps; with one that it does touch it waits. What is
    // asked for while it waits is the same run.
    LookAt look_at(RecordKind kind, const std::vector<std::string>& ids, sync::RunTrigger trigger);
    // Why the ERP should not be asked anything now; "" when it may be.
    std::string reason_to_wait();

    // False when there is no such run queued or running.
    bool cancel_run(const std::string& id);
    // The run as it is now, newer than what the database has; nothing when it is not queued or running.
    std::optional<sync::Run> live(const std::string& id);

    // No new work; the exchange that is going on is interrupted. The run's own record still says that it is
    // running, so that the next start goes on from its checkpoint. True when run_due has returned within
    // `deadline` microseconds.
    bool stop(sync::Duration deadline);

  private:
    // Looking at single records.
    struct Spot {
        RecordKind kind{};
        sync::RunTrigger trigger{};
        std::vector<std::string> ids;
        std::promise<sync::Run> promise;
        std::shared_future<sync::Run> done;
    };
    // The run that goes on or waits for a spot to be over.
    const std::optional<sync::Run>& long_run() const { return spot_ ? parked_.run : current_; }
    std::string why_wait(sync::Instant now);
    std::optional<sync::Run> take_spot(sync::Instant now);
    Spot end_spot();
    void finish_spot(const sync::Run& run, std::optional<sync::ErpErrorClass> trouble, int retry_after_s);
    void drop_interrupted_spots();

    store::ScheduleState& timer(RecordKind kind) { return timers_[static_cast<std::size_t>(kind)]; }
    bool timers_on() const;
    std::optional<sync::Run> take_next(sync::Instant now);
    sync::Run queue(RecordKind kind, sync::RunMode mode, sync::RunTrigger trigger, sync::Instant now);
    bool begin(sync::Run run);
    void advance();
    void finish(const sync::Run& run, std::optional<sync::ErpErrorClass> trouble, int retry_after_s);
    void finish_failed(const sync::Run& run, std::optional<sync::ErpErrorClass> trouble, int retry_after_s);
    bool company_fails(const std::string& error, std::optional<sync::ErpErrorClass> trouble,
                       sync::Duration& at_least);
    void pause_all(const std::string& reason);
    crm::Instant work(crm::Instant now, crm::Duration budget);
    sync::Instant next_wish(sync::Instant now);
    void plan_all(sync::Instant now);
    void cancel_everything();
    void cancel_queued(sync::Run& run);
    KindSnapshot snapshot_of(RecordKind kind, sync::Instant now);

    Parts parts_;
    std::mutex mutex_;
    Settings settings_;
    Connection connection_;
    std::array<store::ScheduleState, 4> timers_;
    std::array<std::string, 4> errors_;
    std::deque<sync::Run> queue_;
    std::optional<sync::Run> current_;  // copy of the machine's run, for other threads
    std::shared_ptr<StartedRun> started_;
    std::deque<Spot> spots_;
    std::optional<Spot> spot_;  // goes on: started_ and current_ are its own meanwhile
    struct {
        std::shared_ptr<StartedRun> started;
        std::optional<sync::Run> run;
    } parked_;
    unsigned spot_failures_ = 0;           // in a row, of webhooks
    std::set<std::string> cancel_wanted_;  // ids of runs to cancel
    bool plan_kept_ = false;               // the cancelled run's kind was planned anew already
    sync::Instant not_before_ = 0;         // the circuit breaker of the company
    std::uint32_t company_failures_ = 0;
    bool pause_wanted_ = false;  // this run_due ends at its next look
    bool stopping_ = false;
    bool working_ = false;  // inside run_due
    std::condition_variable idle_;
};

}  // namespace metakocka::schedule
