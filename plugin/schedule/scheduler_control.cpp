// What people and the host ask of the scheduler while it works.
#include <algorithm>
#include <chrono>
#include <utility>

#include "schedule/scheduler.hpp"

namespace metakocka::schedule {

Settings Scheduler::settings() {
    const std::lock_guard lock(mutex_);
    return settings_;
}

void Scheduler::change_settings(const Settings& settings, bool stop_run) {
    {
        const std::lock_guard lock(mutex_);
        const Settings before = std::exchange(settings_, settings);
        const sync::Instant now = parts_.clock.now();
        if (stop_run || (before.enabled && !settings_.enabled)) cancel_everything();
        if (!settings_.enabled) {
            for (const auto kind : kAllKinds) {
                timer(kind).next_run_at = 0;
                parts_.timers.save(kind, timer(kind));
            }
        } else if (!before.enabled) {
            plan_all(now);
        } else {
            for (const auto kind : kAllKinds) {
                if (settings_.interval(kind) == before.interval(kind)) continue;
                auto& state = timer(kind);
                const sync::Instant since = std::max(state.last_success_at, now - sync::kDay);
                state.next_run_at =
                    std::max(now, since + sync::Duration{settings_.interval(kind)} * sync::kMinute);
                parts_.timers.save(kind, state);
            }
        }
    }
    parts_.wake();
}

void Scheduler::cancel_everything() {
    if (const auto& run = long_run()) cancel_wanted_.insert(run->id);
    if (started_ && !spot_) started_->interrupt();
    for (auto& run : queue_) cancel_queued(run);
    queue_.clear();
}

void Scheduler::plan_all(sync::Instant now) {
    for (const auto kind : kAllKinds) {
        auto& state = timer(kind);
        state.next_run_at = now;
        state.failures = 0;
        parts_.timers.save(kind, state);
    }
    not_before_ = 0;
    company_failures_ = 0;
}

void Scheduler::credentials_changed() {
    {
        const std::lock_guard lock(mutex_);
        cancel_everything();
        plan_kept_ = long_run().has_value();
        if (spot_ && current_) {
            cancel_wanted_.insert(current_->id);
            if (started_) started_->interrupt();
        }
        connection_ = {};
        const bool configured = parts_.factory.configured();
        if (configured) connection_.state = ConnectionState::kOk;
        for (const auto kind : kAllKinds) {
            timer(kind).paused_reason.clear();
            errors_[static_cast<std::size_t>(kind)].clear();
            parts_.timers.save(kind, timer(kind));
        }
        if (configured && settings_.enabled) plan_all(parts_.clock.now());
        parts_.alerts.clear("metakocka-credentials");
    }
    parts_.wake();
}

void Scheduler::connection_tested(bool ok, bool refused, const std::string& message) {
    const std::lock_guard lock(mutex_);
    if (!timers_.front().paused_reason.empty() && !ok) return;
    connection_.state = ok        ? ConnectionState::kOk
                        : refused ? ConnectionState::kAuthFailed
                                  : ConnectionState::kUnreachable;
    connection_.checked_at = parts_.clock.now();
    connection_.message = ok ? "" : message;
    if (!ok || timers_.front().paused_reason.empty()) return;
    for (const auto kind : kAllKinds) {  // the key works again
        timer(kind).paused_reason.clear();
        parts_.timers.save(kind, timer(kind));
    }
    parts_.alerts.clear("metakocka-credentials");
    parts_.wake();
}

Scheduler::Requested Scheduler::request(RecordKind kind, sync::RunMode mode) {
    Requested requested;
    {
        const std::lock_guard lock(mutex_);
        if (const auto& run = long_run(); run && run->kind == kind) return {*run, true};
        const auto waiting = std::find_if(queue_.begin(), queue_.end(),
                                          [kind](const sync::Run& run) { return run.kind == kind; });
        if (waiting != queue_.end()) return {*waiting, true};
        requested.run = queue(kind, mode, sync::RunTrigger::kManual, parts_.clock.now());
        queue_.push_back(requested.run);
    }
    parts_.wake();
    return requested;
}

bool Scheduler::cancel_run(const std::string& id) {
    std::shared_ptr<StartedRun> going_on;
    {
        const std::lock_guard lock(mutex_);
        const auto waiting =
            std::find_if(queue_.begin(), queue_.end(), [&id](const sync::Run& run) { return run.id == id; });
        if (waiting != queue_.end()) {
            cancel_queued(*waiting);
            queue_.erase(waiting);
            return true;
        }
        const bool going = current_ && current_->id == id;
        if (!going && !(parked_.run && parked_.run->id == id)) return false;
        cancel_wanted_.insert(id);
        if (going) going_on = started_;
    }
    if (going_on) going_on->interrupt();
    return true;
}

std::optional<sync::Run> Scheduler::live(const std::string& id) {
    const std::lock_guard lock(mutex_);
    if (current_ && current_->id == id) return current_;
    if (parked_.run && parked_.run->id == id) return parked_.run;
    for (const auto& run : queue_) {
        if (run.id == id) return run;
    }
    return std::nullopt;
}

void Scheduler::cancel() {
    const std::lock_guard lock(mutex_);
    pause_wanted_ = true;
    if (started_) started_->interrupt();
}

bool Scheduler::stop(sync::Duration deadline) {
    std::unique_lock lock(mutex_);
    stopping_ = true;
    if (started_) started_->interrupt();
    return idle_.wait_for(lock, std::chrono::microseconds(deadline), [this] { return !working_; });
}

KindSnapshot Scheduler::snapshot_of(RecordKind kind, sync::Instant now) {
    const auto& state = timer(kind);
    KindSnapshot kind_snapshot;
    kind_snapshot.last_success_at = state.last_success_at;
    kind_snapshot.error = errors_[static_cast<std::size_t>(kind)];
    const bool paused = !state.paused_reason.empty();
    const bool configured = parts_.factory.configured();
    if (settings_.enabled && configured && !paused)
        kind_snapshot.next_run_at = std::max(state.next_run_at, not_before_);
    if (state.next_run_at == 0) kind_snapshot.next_run_at = 0;
    kind_snapshot.state = paused                                          ? KindState::kPaused
                          : !settings_.enabled                            ? KindState::kOff
                          : state.failures > 0 && state.next_run_at > now ? KindState::kBackingOff
                                                                          : KindState::kIdle;
    for (const auto& run : queue_) {
        if (run.kind != kind) continue;
        kind_snapshot.state = KindState::kQueued;
        kind_snapshot.current = run;
    }
    for (const auto* run : {&current_, &parked_.run}) {
        if (!*run || (*run)->kind != kind) continue;
        kind_snapshot.state = KindState::kRunning;
        kind_snapshot.current = *run;
    }
    return kind_snapshot;
}

Snapshot Scheduler::snapshot() {
    Snapshot result;
    std::array<std::string, 4> last_ids;
    {
        const std::lock_guard lock(mutex_);
        result.settings = settings_;
        result.connection = connection_;
        const sync::Instant now = parts_.clock.now();
        for (const auto kind : kAllKinds) {
            result.kinds[static_cast<std::size_t>(kind)] = snapshot_of(kind, now);
            last_ids[static_cast<std::size_t>(kind)] = timer(kind).last_run_id;
        }
    }
    for (const auto kind : kAllKinds) {
        const auto& id = last_ids[static_cast<std::size_t>(kind)];
        if (!id.empty()) result.kinds[static_cast<std::size_t>(kind)].last_finished = parts_.runs.get(id);
    }
    return result;
}

}  // namespace metakocka::schedule
