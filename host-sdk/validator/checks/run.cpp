// run_due, the budget and the next time.
#include "catalogue.hpp"
#include "session.hpp"

namespace crm::validator {
namespace {

void run_next(Subject& subject) {
    ProbeHost host(subject.new_folder("a"));
    const Session session(subject, host);
    const std::int64_t now = now_us();
    for (int round = 0; round < 1000; ++round) {
        const RunOutcome run = session.run_due(now, kSecond / 20);
        demand(run.code == CRM_OK, "CRM_OK", name_of(run.code) + " " + excerpt(run.error));
        if (run.next > now) return;
    }
    throw Failure{"a time in the future once nothing is due", "1,000 rounds without one: a busy loop"};
}
void run_budgets(Subject& subject) {
    ProbeHost host(subject.new_folder("a"));
    const Session session(subject, host);
    for (const std::int64_t budget :
         {std::int64_t{0}, std::int64_t{1}, std::int64_t{-1}, INT64_MIN, INT64_MAX}) {
        const RunOutcome run = session.run_due(now_us(), budget);
        demand(run.code == CRM_OK, "CRM_OK for a budget of " + std::to_string(budget), name_of(run.code));
    }
}
void run_times(Subject& subject) {
    ProbeHost host(subject.new_folder("a"));
    const Session session(subject, host);
    for (const std::int64_t now : {now_us(), now_us() - 365 * 86'400 * kSecond, std::int64_t{0},
                                   std::int64_t{-1}, INT64_MAX, now_us()}) {
        const RunOutcome run = session.run_due(now, 1000);
        demand(run.code == CRM_OK, "CRM_OK at the time " + std::to_string(now), name_of(run.code));
    }
}
void run_slice(Subject& subject) {
    ProbeHost host(subject.new_folder("a"));
    const Session session(subject, host);
    session.configure();
    for (int round = 0; round < subject.scenario().rounds; ++round) {
        const RunOutcome run = session.run_due(now_us(), kSecond / 20);
        demand(run.seconds < 0.05 + subject.scenario().exchange_seconds, "a slice of 50 ms and one exchange",
               std::to_string(run.seconds) + " s");
    }
}
void run_null_next(Subject& subject) {
    ProbeHost host(subject.new_folder("a"));
    const Session session(subject, host);
    CountingSink error;
    const InsideCall inside(true);
    demand(session.table().run_due(session.instance(), 0, 0, nullptr, error.get()) != CRM_OK,
           "a code when there is no place for the answer", "CRM_OK");
}

const Check kRun[] = {
    {"run.next", "run_due says a time in the future once nothing is due.", "A host would spin.",
     "abi.h, run_due", "Answer INT64_MAX when only wake can bring work.", run_next},
    {"run.budgets", "Any budget is taken.", "Hosts compute budgets.", "abi.h, run_due",
     "Guard against overflow.", run_budgets},
    {"run.times", "Any time is taken, also one before the last.", "Clocks jump.", "abi.h, run_due",
     "Guard against overflow.", run_times},
    {"run.slice", "A slice overruns by one exchange at most.", "The host's thread serves others too.",
     "abi.h, run_due", "Return when the budget has passed.", run_slice},
    {"run.null-next", "A missing place for the next time is an error.", "Bindings make mistakes.",
     "abi.h, run_due", "Test next_us for NULL.", run_null_next}};

}  // namespace

Checks run_checks() {
    return kRun;
}

}  // namespace crm::validator
