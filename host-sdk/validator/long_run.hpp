// A call of run_due with so large a budget that it lasts, in a thread of its own.
#pragma once

#include <chrono>
#include <memory>
#include <thread>

#include "session.hpp"

namespace crm::validator {

class LongRun {
  public:
    // An instance led through the scenario's requests. Returns when a run is going on, which is one that did
    // not return within 50 ms; throws NotExercised when none of as many calls as there are rounds lasts.
    explicit LongRun(Subject& subject);
    // A run that has not ended keeps its instance and its host.
    ~LongRun();
    LongRun(const LongRun&) = delete;
    LongRun& operator=(const LongRun&) = delete;

    const Session& session() const;
    bool ended_within(std::chrono::milliseconds time) const;
    // Once it has ended.
    const RunOutcome& outcome() const;

  private:
    struct State;
    void start();

    std::shared_ptr<State> state_;
    std::thread thread_;
};

// How long a module may take to notice that it shall end: one exchange, and what a busy machine needs.
std::chrono::milliseconds patience(const Subject& subject);

}  // namespace crm::validator
