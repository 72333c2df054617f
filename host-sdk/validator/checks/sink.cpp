// Sinks that refuse, are missing, or are longer than this version knows.
#include <cstdlib>

#include "catalogue.hpp"
#include "session.hpp"

namespace crm::validator {
namespace {

void sink_refused(Subject& subject) {
    ProbeHost host(subject.new_folder("a"));
    const Session session(subject, host);
    for (crm_result code = CRM_AUTH; code <= CRM_NOT_FOUND; ++code) {
        for (const auto call : {session.table().describe, session.table().status}) {
            CountingSink refusing(1, code), error;
            const InsideCall inside;
            const crm_result answered = call(session.instance(), refusing.get(), error.get());
            demand(answered == code, "the sink's own " + name_of(code), name_of(answered));
            demand(refusing.writes_after_refusal() == 0, "no more writes after a refusal", "more");
        }
    }
}
void sink_null(Subject& subject) {
    ProbeHost host(subject.new_folder("a"));
    const Session session(subject, host);
    const crm_sink hollow{sizeof(crm_sink), 0, nullptr, nullptr};
    for (const crm_sink* sink : {static_cast<const crm_sink*>(nullptr), &hollow}) {
        const InsideCall inside;
        demand(session.table().describe(session.instance(), sink, sink) != CRM_OK,
               "a code for a result nobody took", "CRM_OK");
    }
}

void sink_longer(Subject& subject) {
    struct Longer {
        crm_sink known;
        void (*unknown[4])();
    };
    ProbeHost host(subject.new_folder("a"));
    const Session session(subject, host);
    for (const auto call : {session.table().describe, session.table().status}) {
        CountingSink result, error;
        const auto abort = [] { std::abort(); };
        Longer longer{*result.get(), {abort, abort, abort, abort}};
        longer.known.struct_size = sizeof(Longer);
        const InsideCall inside;
        const crm_result code = call(session.instance(), &longer.known, error.get());
        demand(code == CRM_OK, "the result in a sink with members that came later",
               name_of(code) + " " + excerpt(error.text()));
    }
}

const Check kSinks[] = {
    {"sink.refused", "A sink's refusal ends the result and is answered.", "The reader has gone or is full.",
     "abi.h, crm_sink", "Return what write returned.", sink_refused},
    {"sink.null", "A missing sink is an error, not a crash.", "Hosts in other languages pass NULL.",
     "abi.h, crm_sink", "Test the sink and its write for NULL.", sink_null},
    {"sink.longer", "A sink may have members that this version does not know.",
     "A newer host's sinks are longer.", "abi.h, CRM_HAS", "Ask CRM_HAS, never compare sizes for equality.",
     sink_longer}};

}  // namespace

Checks sink_checks() {
    return kSinks;
}

}  // namespace crm::validator
