#include "long_run.hpp"

#include <condition_variable>
#include <mutex>

#include "check.hpp"

namespace crm::validator {

using std::chrono::milliseconds;

struct LongRun::State {
    explicit State(Subject& subject) : host(subject.new_folder("a")), session(subject, host) {}

    ProbeHost host;
    Session session;
    std::mutex mutex;
    std::condition_variable changed;
    bool ended = true;
    RunOutcome outcome;
};

LongRun::LongRun(Subject& subject) : state_(std::make_shared<State>(subject)) {
    state_->session.configure();
    for (int round = 0; round < subject.scenario().rounds; ++round) {
        start();
        if (!ended_within(milliseconds(50))) return;
        thread_.join();
    }
    throw NotExercised{
        "no run_due lasted long enough to be interrupted; a scenario may give the module more to do"};
}

LongRun::~LongRun() {
    if (ended_within(milliseconds(0))) {
        thread_.join();
    } else {
        thread_.detach();
    }
}

void LongRun::start() {
    state_->ended = false;
    thread_ = std::thread([state = state_] {
        RunOutcome outcome = state->session.run_due(now_us(), 60 * kSecond);
        const std::lock_guard lock(state->mutex);
        state->outcome = std::move(outcome);
        state->ended = true;
        state->changed.notify_all();
    });
}

const Session& LongRun::session() const {
    return state_->session;
}

bool LongRun::ended_within(milliseconds time) const {
    std::unique_lock lock(state_->mutex);
    return state_->changed.wait_for(lock, time, [this] { return state_->ended; });
}

const RunOutcome& LongRun::outcome() const {
    return state_->outcome;
}

milliseconds patience(const Subject& subject) {
    return std::chrono::seconds(subject.scenario().exchange_seconds + 2);
}

}  // namespace crm::validator
