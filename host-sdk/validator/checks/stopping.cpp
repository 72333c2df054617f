// cancel and stop, idle and during a run.
#include <chrono>

#include "catalogue.hpp"
#include "hostile.hpp"
#include "long_run.hpp"

namespace crm::validator {
namespace {

void cancel_idle(Subject& subject) {
    ProbeHost host(subject.new_folder("a"));
    const Session session(subject, host);
    session.cancel();
    session.cancel();
    const RunOutcome run = session.run_due(now_us(), 1000);
    demand(run.code == CRM_OK || run.code == CRM_CANCELLED, "CRM_OK or CRM_CANCELLED", name_of(run.code));
}
void stop_idle(Subject& subject) {
    ProbeHost host(subject.new_folder("a"));
    const Session session(subject, host);
    const Outcome stopped = session.stop(kSecond);
    demand(stopped.code == CRM_OK, "CRM_OK", name_of(stopped.code) + " " + excerpt(stopped.error));
}
void stop_deadlines(Subject& subject) {
    for (const std::int64_t deadline : {std::int64_t{0}, std::int64_t{-1}, INT64_MAX}) {
        ProbeHost host(subject.new_folder("a"));
        const Session session(subject, host);
        const Outcome stopped = session.stop(deadline);
        demand(stopped.code == CRM_OK || stopped.code == CRM_TRANSIENT, "CRM_OK or CRM_TRANSIENT",
               name_of(stopped.code));
    }
}

void cancel_run(Subject& subject) {
    const LongRun run(subject);
    run.session().cancel();
    demand(run.ended_within(patience(subject)), "run_due back after one exchange", "it went on");
    const crm_result code = run.outcome().code;
    demand(code == CRM_OK || code == CRM_CANCELLED, "CRM_OK or CRM_CANCELLED",
           name_of(code) + " " + excerpt(run.outcome().error));
    const Outcome status = run.session().status();
    demand(status.code == CRM_OK && is_json(status.text), "a status in JSON afterwards",
           name_of(status.code) + " " + excerpt(status.text));
    const RunOutcome next = run.session().run_due(now_us(), kSecond / 20);
    demand(next.code == CRM_OK || next.code == CRM_CANCELLED, "a run_due that goes on afterwards",
           name_of(next.code) + " " + excerpt(next.error));
}
void stop_run(Subject& subject) {
    const LongRun run(subject);
    const auto time = patience(subject);
    const Outcome stopped =
        run.session().stop(std::chrono::duration_cast<std::chrono::microseconds>(time).count());
    demand(stopped.code == CRM_OK, "CRM_OK with " + std::to_string(time.count()) + " ms to stop in",
           name_of(stopped.code) + " " + excerpt(stopped.error));
    demand(run.ended_within(std::chrono::seconds(1)), "no run_due going on once stop has said so",
           "it went on");
}
void stop_in_time(Subject& subject) {
    const LongRun run(subject);
    const auto begin = std::chrono::steady_clock::now();
    const Outcome stopped = run.session().stop(kSecond / 100);
    const auto taken = std::chrono::steady_clock::now() - begin;
    demand(stopped.code == CRM_OK || stopped.code == CRM_TRANSIENT, "CRM_OK or CRM_TRANSIENT",
           name_of(stopped.code) + " " + excerpt(stopped.error));
    demand(taken < std::chrono::seconds(2), "an answer soon after 10 ms",
           "one after " + std::to_string(std::chrono::duration<double>(taken).count()) + " s");
    run.session().cancel();  // no matter what stop did, the instance may only go when the run has ended
    run.ended_within(patience(subject));
}

const Check kStopping[] = {
    {"cancel.idle", "cancel is harmless when nothing runs.", "It races with the end of a run.",
     "abi.h, cancel", "Set a flag that the next run clears.", cancel_idle},
    {"cancel.run", "cancel ends a run after one exchange, and the instance goes on.",
     "A person waits for it, or the host shuts down.", "abi.h, cancel", "Look at the flag at each exchange.",
     cancel_run},
    {"stop.idle", "stop answers CRM_OK at once when nothing runs.", "Hosts shut down in seconds.",
     "abi.h, stop", "Answer CRM_OK when nothing runs.", stop_idle},
    {"stop.deadlines", "Any deadline is taken.", "Hosts compute deadlines.", "abi.h, stop",
     "Guard against overflow.", stop_deadlines},
    {"stop.run", "stop ends a run, and answers CRM_OK only when none is left.",
     "The host destroys the instance next.", "abi.h, stop", "Wait until run_due has returned.", stop_run},
    {"stop.in-time", "stop answers by its deadline also while a run goes on.",
     "The host has other instances to stop.", "abi.h, stop", "Answer CRM_TRANSIENT when time is up.",
     stop_in_time}};

}  // namespace

Checks stopping_checks() {
    return kStopping;
}

}  // namespace crm::validator
