#include "schedule/scheduler.hpp"

#include <algorithm>
#include <exception>
#include <utility>

#include "schedule/timing.hpp"

namespace metakocka::schedule {

namespace {

bool refused(sync::ErpErrorClass error) {
    return error == sync::ErpErrorClass::kCredentials || error == sync::ErpErrorClass::kAddress;
}

constexpr std::string_view kAuthAlert = "metakocka-credentials";

std::string hold_alert(RecordKind kind) {
    return "metakocka-held-" + std::string(to_text(kind));
}

}  // namespace

Scheduler::Scheduler(Parts parts, Settings settings)
    : parts_(std::move(parts)), settings_(std::move(settings)) {
    for (const auto kind : kAllKinds) timer(kind) = parts_.timers.load(kind);
    for (auto& run : parts_.runs.unfinished()) queue_.push_back(std::move(run));
    drop_interrupted_spots();
    const auto& reason = timers_.front().paused_reason;
    if (parts_.factory.configured()) {
        connection_.state = reason.empty() ? ConnectionState::kOk : ConnectionState::kAuthFailed;
        connection_.message = reason;
    }
}

bool Scheduler::timers_on() const {
    return settings_.enabled && timers_.front().paused_reason.empty();
}

crm::Instant Scheduler::run_due(crm::Instant now, crm::Duration budget) {
    struct Working {  // also when something throws
        explicit Working(Scheduler& scheduler) : owner(scheduler) { set(true); }
        ~Working() { set(false); }
        Working(const Working&) = delete;
        Working& operator=(const Working&) = delete;
        void set(bool value) {
            const std::lock_guard lock(owner.mutex_);
            owner.working_ = value;
            owner.idle_.notify_all();
        }
        Scheduler& owner;
    };
    const Working working(*this);
    return work(now, budget);
}

crm::Instant Scheduler::work(crm::Instant now, crm::Duration budget) {
    const sync::Instant end = parts_.clock.monotonic() + budget;
    while (true) {
        std::optional<sync::Run> next;
        {
            const std::lock_guard lock(mutex_);
            if (stopping_) return crm::kNever;
            next = take_spot(now);
            if (!next && !started_) {
                next = take_next(now);
                if (!next) return next_wish(now);
            }
        }
        if (next && !begin(std::move(*next))) continue;
        advance();
        const std::lock_guard lock(mutex_);
        if (stopping_) return crm::kNever;
        if (std::exchange(pause_wanted_, false) || parts_.clock.monotonic() >= end)
            return started_ ? now : next_wish(parts_.clock.now());
    }
}

// The next run: what people asked for first, then what the timers want, in the order of dependence.
std::optional<sync::Run> Scheduler::take_next(sync::Instant now) {
    const bool configured = parts_.factory.configured();
    if (!configured || !timers_.front().paused_reason.empty()) return std::nullopt;
    if (!queue_.empty()) {
        sync::Run run = std::move(queue_.front());
        queue_.pop_front();
        current_ = run;
        return run;
    }
    if (!timers_on() || now < not_before_) return std::nullopt;
    for (const auto kind : kAllKinds) {
        const auto& state = timer(kind);
        if (state.next_run_at == 0 || state.next_run_at > now) continue;
        current_ = queue(kind, sync::RunMode::kSync, sync::RunTrigger::kTimer, now);
        return current_;
    }
    return std::nullopt;
}

sync::Run Scheduler::queue(RecordKind kind, sync::RunMode mode, sync::RunTrigger trigger, sync::Instant now) {
    sync::Run run;
    run.id = parts_.runs.new_id();
    run.kind = kind;
    run.mode = mode;
    run.trigger = trigger;
    run.state = sync::RunState::kQueued;
    run.queued_at = now;
    // A run that was stopped half-way is gone on with.
    if (const auto last = parts_.runs.get(timer(kind).last_run_id);
        last && last->mode == mode && now - last->finished_at < sync::kDay &&
        (last->state == sync::RunState::kFailed || last->state == sync::RunState::kCancelled)) {
        run.checkpoint = last->checkpoint;
    }
    parts_.runs.save(run);
    return run;
}

bool Scheduler::begin(sync::Run run) {
    const sync::Run queued = run;
    try {
        std::shared_ptr<StartedRun> started =
            spot_ ? parts_.factory.look_at(std::move(run), settings(), spot_->ids)
                  : parts_.factory.start(std::move(run), settings());
        const std::lock_guard lock(mutex_);
        if (!started) {
            end_spot();
            return false;
        }
        started_ = std::move(started);
        current_ = started_->machine().run();
        if (spot_) return true;
        parts_.log.note(sync::LogLevel::kInfo, *current_, "run",
                        std::string(to_text(queued.kind)) + ": " + std::string(to_text(queued.mode)) +
                            " run started" + (queued.checkpoint.empty() ? "" : " from its checkpoint"));
        return true;
    } catch (const std::exception& error) {
        sync::Run failed = queued;
        failed.state = sync::RunState::kFailed;
        failed.error_kind = "internal";
        failed.error = error.what();
        failed.finished_at = parts_.clock.now();
        parts_.runs.save(failed);
        const std::lock_guard lock(mutex_);
        finish(failed, std::nullopt, 0);
        return false;
    }
}

void Scheduler::advance() {
    auto& machine = started_->machine();
    {
        const std::lock_guard lock(mutex_);
        if (!stopping_) started_->go_on();
        if (cancel_wanted_.contains(machine.run().id)) machine.cancel();
    }
    const bool more = machine.step();
    const std::lock_guard lock(mutex_);
    current_ = machine.run();
    if (more) return;
    const auto trouble = machine.trouble();
    const int retry_after_s = machine.retry_after_s();
    started_.reset();
    finish(*current_, trouble, retry_after_s);
}

void Scheduler::finish(const sync::Run& run, std::optional<sync::ErpErrorClass> trouble, int retry_after_s) {
    if (spot_) return finish_spot(run, trouble, retry_after_s);
    const sync::Run ended = run;  // `run` may be current_
    current_.reset();
    // What a run that was told to stop still found out about the connection is no news: the credentials may
    // be others.
    if (cancel_wanted_.erase(ended.id) > 0) trouble.reset();
    const sync::Instant now = parts_.clock.now();
    auto& state = timer(ended.kind);
    state.last_run_id = ended.id;
    errors_[static_cast<std::size_t>(ended.kind)] = ended.error;
    const bool failed = ended.state == sync::RunState::kFailed;
    if (failed) {
        finish_failed(ended, trouble, retry_after_s);
    } else if (ended.state == sync::RunState::kCancelled) {
        // Whoever cancelled it wants it to stay away until its next time; new credentials plan for
        // themselves.
        if (state.next_run_at <= now && !plan_kept_) {
            state.next_run_at = next_after_success(now, settings_.interval(ended.kind), parts_.random());
        }
    } else {
        state.failures = 0;
        company_failures_ = 0;
        not_before_ = 0;
        connection_ = {ConnectionState::kOk, now, ""};
        if (ended.state != sync::RunState::kHeld) state.last_success_at = now;
        state.next_run_at = next_after_success(now, settings_.interval(ended.kind), parts_.random());
    }
    if (ended.state == sync::RunState::kHeld) {
        parts_.alerts.raise(hold_alert(ended.kind), "Deletion guard", ended.error);
    } else if (!failed && ended.state != sync::RunState::kCancelled) {
        parts_.alerts.clear(hold_alert(ended.kind));
    }
    plan_kept_ = false;
    if (!settings_.enabled) state.next_run_at = 0;
    parts_.timers.save(ended.kind, state);
    const bool good = ended.state == sync::RunState::kSucceeded || ended.state == sync::RunState::kCancelled;
    const auto level = good     ? sync::LogLevel::kInfo
                       : failed ? sync::LogLevel::kError
                                : sync::LogLevel::kWarning;
    parts_.log.note(level, ended, "run",
                    std::string(to_text(ended.kind)) + ": run " + std::string(to_text(ended.state)) + ", " +
                        std::to_string(ended.counts.records()) + " records" +
                        (ended.error.empty() ? "" : ". " + ended.error));
}

void Scheduler::finish_failed(const sync::Run& run, std::optional<sync::ErpErrorClass> trouble,
                              int retry_after_s) {
    auto& state = timer(run.kind);
    ++state.failures;
    Duration at_least = Duration{retry_after_s} * sync::kSecond;
    if (!company_fails(run.error, trouble, at_least)) return;
    state.next_run_at = next_after_failure(parts_.clock.now(), state.failures, at_least, parts_.random());
}

// What trouble of the connection means for all kinds. False when the key was refused: nothing is planned
// then.
bool Scheduler::company_fails(const std::string& error, std::optional<sync::ErpErrorClass> trouble,
                              sync::Duration& at_least) {
    if (!trouble) return true;
    const sync::Instant now = parts_.clock.now();
    // A refusal of one request is an answer: the connection works.
    if (*trouble == sync::ErpErrorClass::kRecord || *trouble == sync::ErpErrorClass::kNotFound) {
        connection_ = {ConnectionState::kOk, now, ""};
        return true;
    }
    connection_ = {ConnectionState::kUnreachable, now, error};
    if (refused(*trouble)) {
        pause_all(error);
        return false;
    }
    if (trouble == sync::ErpErrorClass::kQuota) {
        connection_.state = ConnectionState::kPaused;
        at_least = std::max(at_least, kQuotaPause);
    }
    // The other kinds wait as well instead of knocking in turn.
    ++company_failures_;
    not_before_ = next_after_failure(now, company_failures_, at_least, parts_.random());
    return true;
}

void Scheduler::pause_all(const std::string& reason) {
    connection_.state = ConnectionState::kAuthFailed;
    for (auto& run : queue_) cancel_queued(run);
    queue_.clear();
    for (const auto kind : kAllKinds) {
        timer(kind).paused_reason = reason;
        parts_.timers.save(kind, timer(kind));
    }
    parts_.alerts.raise(std::string(kAuthAlert), "Metakocka refused the credentials", reason);
}

void Scheduler::cancel_queued(sync::Run& run) {
    run.state = sync::RunState::kCancelled;
    run.finished_at = parts_.clock.now();
    parts_.runs.save(run);
}

sync::Instant Scheduler::next_wish(sync::Instant now) {
    if (!parts_.factory.configured() || !timers_.front().paused_reason.empty()) return crm::kNever;
    if (!queue_.empty()) return now;
    const bool may_look = !spots_.empty() && connection_.state != ConnectionState::kAuthFailed;
    sync::Instant next = may_look ? now : crm::kNever;
    for (const auto& state : timers_) {
        if (timers_on() && state.next_run_at != 0) next = std::min(next, state.next_run_at);
    }
    return next == crm::kNever ? next : std::max(next, not_before_);
}

}  // namespace metakocka::schedule
