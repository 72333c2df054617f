#include "life.hpp"

#include <utility>

#include "check.hpp"
#include "hostile.hpp"

namespace crm::validator {
namespace {

// The instance, or NULL when create refused as it should.
crm_instance* made_over(Subject& subject, const ProbeHost& host, const std::string& what) {
    crm_instance* instance = nullptr;
    const Outcome made = create_over(subject.table(), &host.table, &instance);
    if (made.code != CRM_OK) {
        demand(!made.error.empty(), "a text that says why it can't work with " + what, "an empty error");
        demand(instance == nullptr, "no instance after a refusal", "one");
        return nullptr;
    }
    demand(instance != nullptr, "an instance", "CRM_OK without one, with " + what);
    return instance;
}

void explained(crm_result code, const std::string& error, const std::string& call, const std::string& what) {
    demand(code == CRM_OK || !error.empty(), "an error text from " + call + " with " + what,
           "none with " + name_of(code));
}

}  // namespace

void refuse_or_work(Subject& subject, ProbeHost& host, const std::string& what) {
    crm_instance* const instance = made_over(subject, host, what);
    if (instance == nullptr) return;
    Session(subject, instance).describe();
}

void live(Subject& subject, ProbeHost& host, const std::string& what) {
    crm_instance* const instance = made_over(subject, host, what);
    if (instance == nullptr) return;
    const Session session(subject, instance);
    for (const ScenarioRequest& request : subject.scenario().requests) {
        const HttpOutcome answer = session.http(request.method, request.path, request.body);
        explained(answer.code, answer.error, "handle_http", what);
    }
    for (int round = 0; round < subject.scenario().rounds; ++round) {
        const RunOutcome run = session.run_due(now_us(), kSecond / 200);
        explained(run.code, run.error, "run_due", what);
    }
    const Outcome status = session.status();
    explained(status.code, status.error, "status", what);
    demand(status.code != CRM_OK || is_json(status.text), "a status in JSON with " + what,
           excerpt(status.text));
    const Outcome stopped = session.stop((subject.scenario().exchange_seconds + 1) * kSecond);
    explained(stopped.code, stopped.error, "stop", what);
}

ProbeHost::Answer answering(std::string text) {
    return [text = std::move(text)](auto, const crm_sink* result, auto) { return write_to(result, text); };
}

void exercised(std::size_t calls, const char* service) {
    if (calls == 0) {
        throw NotExercised{std::string("the module never asked for ") + service +
                           "; a scenario may lead it to do so"};
    }
}

}  // namespace crm::validator
