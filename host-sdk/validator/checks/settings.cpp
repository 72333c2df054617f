// Settings that a person or a restored backup has spoilt.
#include "catalogue.hpp"
#include "hostile.hpp"
#include "life.hpp"

namespace crm::validator {
namespace {

void settings_garbage(Subject& subject) {
    for (const auto* list : {&broken_json(), &strange_json()}) {
        for (const Named& text : *list) {
            ProbeHost host(subject.new_folder("a"));
            host.store_settings(text.text);
            refuse_or_work(subject, host, "settings that are " + text.name);
        }
    }
}
void settings_fail(Subject& subject) {
    for (crm_result code = CRM_AUTH; code <= CRM_NOT_FOUND + 1; ++code) {
        ProbeHost host(subject.new_folder("a"));
        host.on_settings_get = [code](auto, auto, auto) { return code; };
        refuse_or_work(subject, host, "settings that can't be read");
    }
}

// What the module keeps, or something like it.
std::string sample_settings(Subject& subject) {
    ProbeHost host(subject.new_folder("sample"));
    const Session session(subject, host);
    session.work();
    const std::string stored = host.stored_settings();
    return stored != "{}"
               ? stored
               : R"({"enabled":true,"intervals":{"products":15},"name":"text","list":[1,2.5,null]})";
}
void settings_fuzz(Subject& subject) {
    const std::string sample = sample_settings(subject);
    Mutator mutator(subject.seed());
    for (int i = 0; i < 300; ++i) {
        ProbeHost host(subject.new_folder("a"));
        host.store_settings(mutator.mutate(sample));
        refuse_or_work(subject, host, "the settings " + excerpt(host.stored_settings()));
    }
}
void settings_changed(Subject& subject) {
    Mutator mutator(subject.seed());
    const std::string sample = sample_settings(subject);
    ProbeHost host(subject.new_folder("a"));
    const Session session(subject, host);
    session.configure();
    const auto judge = [&](const std::string& text) {
        host.store_settings(text);
        const RunOutcome run = session.run_due(now_us(), kSecond / 1000);
        demand(run.code == CRM_OK || !run.error.empty(), "an error text from run_due", name_of(run.code));
        const Outcome status = session.status();
        demand(status.code == CRM_OK && is_json(status.text),
               "a status after settings became " + excerpt(text),
               name_of(status.code) + " " + excerpt(status.error));
    };
    for (const auto* list : {&broken_json(), &strange_json()}) {
        for (const Named& text : *list) judge(text.text);
    }
    for (int i = 0; i < 50; ++i) judge(mutator.mutate(sample));
}

const Check kSettings[] = {
    {"settings.garbage", "Damaged settings are refused with a text or replaced by defaults.",
     "Databases are restored and edited by hand.", "abi.h, crm_settings.get", "Validate what get gives.",
     settings_garbage, 60},
    {"settings.unreadable", "Settings that can't be read are refused with a text or replaced by defaults.",
     "Databases fail.", "abi.h, crm_settings.get", "Look at the code.", settings_fail},
    {"settings.fuzz", "Mutated settings are refused with a text or replaced by defaults.",
     "Databases are restored and edited by hand.", "abi.h, crm_settings.get", "Repeat with the seed shown.",
     settings_fuzz, 60},
    {"settings.changed", "Settings that change under a working instance do it no harm.",
     "An administrator may edit them at any time.", "abi.h, crm_settings.get", "Validate at each reading.",
     settings_changed, 60}};

}  // namespace

Checks settings_checks() {
    return kSettings;
}

}  // namespace crm::validator
