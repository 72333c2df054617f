// Which thread calls whom.
#include <atomic>
#include <chrono>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "catalogue.hpp"
#include "hostile.hpp"
#include "process_state.hpp"
#include "session.hpp"

namespace crm::validator {
namespace {

void host_calls(Subject& subject) {
    ProbeHost host(subject.new_folder("a"));
    Session session(subject, host);
    session.work();
    session.destroy();
    const auto seen = host.seen();
    demand(seen.foreign_threads.empty(), "no call to the host from a thread of the module's own",
           seen.foreign_threads.empty() ? "" : seen.foreign_threads.front());
    demand(seen.outside_run.empty(), "records used inside run_due only",
           seen.outside_run.empty() ? "" : seen.outside_run.front() + " outside it");
}

struct Question {
    std::string path;
    HttpOutcome calm;  // the answer when nothing else goes on
};
std::vector<Question> questions(const Session& session) {
    std::vector<Question> all;
    for (const Route& route : session.routes()) {
        if (route.method == "GET")
            all.push_back({route.filled(), session.http(route.method, route.filled(), "")});
    }
    return all;
}
// One round of what any thread may ask.
void ask(const Session& session, const std::vector<Question>& questions, bool cancels) {
    const Outcome status = session.status();
    demand(status.code == CRM_OK && is_json(status.text), "a status in JSON from each thread",
           name_of(status.code) + " " + excerpt(status.text + status.error));
    for (const auto& [path, calm] : questions) {
        const HttpOutcome answer = session.http("GET", path, "");
        demand(answer.code == calm.code && answer.status() == calm.status(),
               calm.shown() + " for GET " + path + " from each thread", answer.shown());
    }
    if (cancels) session.cancel();
}
void concurrent(Subject& subject) {
    constexpr int kThreads = 4;
    constexpr int kRounds = 25;
    ProbeHost host(subject.new_folder("a"));
    const Session session(subject, host);
    session.configure();
    session.run_due(now_us(), kSecond / 100);
    const std::vector<Question> asked = questions(session);
    std::mutex mutex;
    std::optional<Failure> first;
    std::atomic<int> going = kThreads;
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < kThreads; ++thread) {
        threads.emplace_back([&, thread] {
            try {
                for (int round = 0; round < kRounds; ++round) ask(session, asked, thread == 0);
            } catch (const Failure& failure) {
                const std::lock_guard lock(mutex);
                first = failure;
            }
            --going;
        });
    }
    while (going > 0) {
        const RunOutcome run = session.run_due(now_us(), kSecond / 100);
        const std::lock_guard lock(mutex);
        if (run.code != CRM_OK && run.code != CRM_CANCELLED)
            first =
                Failure{"CRM_OK or CRM_CANCELLED from run_due", name_of(run.code) + " " + excerpt(run.error)};
    }
    threads.clear();
    if (first) throw Failure(*first);
}

void none_left(Subject& subject) {
    subject.table();
    const std::size_t before = thread_count();
    {
        ProbeHost host(subject.new_folder("a"));
        const Session session(subject, host);
        session.work();
        session.stop(kSecond);
    }
    // A thread that was joined may be on the system's list for a moment longer.
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(2);
    while (thread_count() > before && std::chrono::steady_clock::now() < until) std::this_thread::yield();
    demand(thread_count() <= before, "no thread left after destroy", std::to_string(thread_count() - before));
}

const Check kThreadChecks[] = {
    {"threads.host-calls", "The host is called only during its own calls, records only inside run_due.",
     "PHP and Python hosts can't take calls from other threads.", "abi.h, thread tags",
     "Hand work to run_due.", host_calls},
    {"threads.concurrent",
     "status, handle_http and cancel answer from several threads while run_due goes on.",
     "A web server has many threads.", "abi.h, thread tags", "Put a lock around what they share.", concurrent,
     60},
    {"threads.left", "destroy ends every thread the instance started.",
     "Its code and its host are gone then.", "abi.h, destroy", "Join them in destroy.", none_left}};

}  // namespace

Checks thread_checks() {
    return kThreadChecks;
}

}  // namespace crm::validator
