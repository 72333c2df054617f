// Looking at single records between the steps of longer runs.
#include <algorithm>
#include <utility>

#include "schedule/scheduler.hpp"
#include "sync/look_up_scan.hpp"

namespace metakocka::schedule {

namespace {

// A webhook's look is taken so often before it is left to the timers.
constexpr unsigned kMostTries = 3;

// A bill brings its contact along, so a look at one writes contacts too.
bool touches(RecordKind looked_at, RecordKind kind) {
    return looked_at == kind || (looked_at == RecordKind::kInvoices && kind == RecordKind::kContacts);
}

}  // namespace

Scheduler::LookAt Scheduler::look_at(RecordKind kind, const std::vector<std::string>& ids,
                                     sync::RunTrigger trigger) {
    LookAt result;
    {
        const std::lock_guard lock(mutex_);
        auto waiting = std::find_if(spots_.begin(), spots_.end(), [&](const Spot& spot) {
            return spot.kind == kind && spot.trigger == trigger;
        });
        if (waiting == spots_.end()) {
            spots_.push_back({.kind = kind, .trigger = trigger, .ids = {}, .promise = {}, .done = {}});
            waiting = std::prev(spots_.end());
            waiting->done = waiting->promise.get_future().share();
        }
        waiting->ids.insert(waiting->ids.end(), ids.begin(), ids.end());
        result.done = waiting->done;
        const auto& run = long_run();
        result.at_once = why_wait(parts_.clock.now()).empty() && !(run && touches(kind, run->kind));
    }
    parts_.wake();
    return result;
}

std::string Scheduler::reason_to_wait() {
    const std::lock_guard lock(mutex_);
    return why_wait(parts_.clock.now());
}

std::string Scheduler::why_wait(sync::Instant now) {
    if (!parts_.factory.configured()) return "there are no Metakocka credentials";
    const std::string& paused = timers_.front().paused_reason;
    if (!paused.empty()) return "Metakocka refuses the credentials: " + paused;
    if (connection_.state == ConnectionState::kAuthFailed) {
        return "Metakocka refuses the credentials: " + connection_.message;
    }
    if (now < not_before_) return "Metakocka is left alone for a while: " + connection_.message;
    return {};
}

std::optional<sync::Run> Scheduler::take_spot(sync::Instant now) {
    if (spot_ || spots_.empty() || !why_wait(now).empty()) return std::nullopt;
    const auto next = std::find_if(spots_.begin(), spots_.end(), [this](const Spot& spot) {
        return !current_ || !touches(spot.kind, current_->kind);
    });
    if (next == spots_.end()) return std::nullopt;
    spot_.emplace(std::move(*next));
    spots_.erase(next);
    parked_.started = std::exchange(started_, nullptr);
    parked_.run = std::exchange(current_, std::nullopt);
    sync::Run run;
    run.id = parts_.runs.new_id();
    run.kind = spot_->kind;
    run.trigger = spot_->trigger;
    run.queued_at = now;
    run.checkpoint = sync::LookUpScan::kCheckpoint;
    current_ = run;
    return run;
}

// The run that waited goes on.
Scheduler::Spot Scheduler::end_spot() {
    Spot spot = std::move(*spot_);
    spot_.reset();
    started_ = std::exchange(parked_.started, nullptr);
    current_ = std::exchange(parked_.run, std::nullopt);
    return spot;
}

void Scheduler::finish_spot(const sync::Run& run, std::optional<sync::ErpErrorClass> trouble,
                            int retry_after_s) {
    const sync::Run ended = run;  // `run` may be current_
    if (cancel_wanted_.erase(ended.id) > 0) trouble.reset();
    Spot spot = end_spot();
    if (ended.state == sync::RunState::kFailed) {
        sync::Duration at_least = sync::Duration{retry_after_s} * sync::kSecond;
        const bool passing = company_fails(ended.error, trouble, at_least) && trouble;
        if (spot.trigger == sync::RunTrigger::kWebhook && passing && ++spot_failures_ < kMostTries) {
            Spot again{
                .kind = spot.kind, .trigger = spot.trigger, .ids = spot.ids, .promise = {}, .done = {}};
            again.done = again.promise.get_future().share();
            spots_.push_back(std::move(again));
        }
    } else if (ended.state != sync::RunState::kCancelled) {
        spot_failures_ = 0;
        company_failures_ = 0;
        not_before_ = 0;
        connection_ = {ConnectionState::kOk, parts_.clock.now(), ""};
    }
    const bool good = ended.state == sync::RunState::kSucceeded || ended.state == sync::RunState::kCancelled;
    parts_.log.note(good ? sync::LogLevel::kInfo : sync::LogLevel::kWarning, ended, "look-up",
                    std::string(to_text(ended.kind)) + ": " + std::to_string(ended.counts.records()) +
                        " records looked at, " + std::string(to_text(ended.state)) +
                        (ended.error.empty() ? "" : ". " + ended.error));
    spot.promise.set_value(ended);
}

// What was asked for is asked for again where it still matters; none of them becomes a whole run.
void Scheduler::drop_interrupted_spots() {
    std::erase_if(queue_, [this](sync::Run& run) {
        if (run.checkpoint != sync::LookUpScan::kCheckpoint) return false;
        run.checkpoint.clear();
        cancel_queued(run);
        return true;
    });
}

}  // namespace metakocka::schedule
