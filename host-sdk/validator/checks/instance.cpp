// The life of an instance, without HTTP.
#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <tuple>

#include "catalogue.hpp"
#include "hostile.hpp"
#include "process_state.hpp"
#include "session.hpp"

namespace crm::validator {
namespace {

namespace json = boost::json;

// Makes an instance over `host`, which lacks something: it may refuse with a text, or work.
void refuse_or_work(Subject& subject, ProbeHost& host, const std::string& what) {
    crm_instance* instance = nullptr;
    const Outcome made = create_over(subject.table(), &host.table, &instance);
    if (made.code != CRM_OK) {
        demand(!made.error.empty(), "a text that says why it can't work with " + what, "an empty error");
        demand(instance == nullptr, "no instance after a refusal", "one");
        return;
    }
    demand(instance != nullptr, "an instance", "CRM_OK without one, with " + what);
    CountingSink result, error;
    const InsideCall inside;
    subject.table().describe(instance, result.get(), error.get());
    subject.table().destroy(instance);
}

void create_works(Subject& subject) {
    ProbeHost host(subject.new_folder("a"));
    crm_instance* instance = nullptr;
    const Outcome made = create_over(subject.table(), &host.table, &instance);
    demand(made.code == CRM_OK && instance != nullptr, "an instance",
           name_of(made.code) + " " + excerpt(made.error));
}
constexpr const char* kServices[] = {CRM_SERVICE_LOG,     CRM_SERVICE_CLOCK, CRM_SERVICE_SETTINGS,
                                     CRM_SERVICE_RECORDS, CRM_SERVICE_KEYS,  CRM_SERVICE_FILES,
                                     CRM_SERVICE_NOTIFY,  CRM_SERVICE_WAKE};
void missing_services(Subject& subject) {
    for (const char* service : kServices) {
        ProbeHost host(subject.new_folder("a"));
        host.withheld.insert(service);
        refuse_or_work(subject, host, std::string("a host without ") + service);
    }
}
void null_members(Subject& subject) {
    ProbeHost host(subject.new_folder("a"));
    host.keys.unwrap = nullptr;
    host.keys.wrap = nullptr;
    host.files.directory = nullptr;
    host.notify.post = nullptr;
    host.wake.wake = nullptr;
    refuse_or_work(subject, host, "a host whose optional functions are NULL");
}
void short_tables(Subject& subject) {
    ProbeHost host(subject.new_folder("a"));
    for (std::uint32_t* size : {&host.keys.struct_size, &host.files.struct_size, &host.notify.struct_size,
                                &host.wake.struct_size}) {
        *size = offsetof(crm_wake, wake);
    }
    // What lies beyond a table's end is nobody's: calling it is a crash here, as it would be in a host.
    host.keys.wrap =
        host.keys.unwrap = [](void*, const char*, std::uint64_t, const crm_sink*, const crm_sink*) {
            std::abort();
            return CRM_INTERNAL;
        };
    host.files.directory = [](void*, const crm_sink*, const crm_sink*) {
        std::abort();
        return CRM_INTERNAL;
    };
    host.notify.post = [](void*, const char*, std::uint64_t) { std::abort(); };
    host.wake.wake = [](void*) { std::abort(); };
    refuse_or_work(subject, host, "a host with shorter tables");
}
void destroy_null(Subject& subject) {
    subject.table().destroy(nullptr);
}
void create_again(Subject& subject) {
    ProbeHost host(subject.new_folder("a"));
    Session first(subject, host);
    const std::string described = first.describe().text;
    first.destroy();
    crm_instance* instance = nullptr;
    const Outcome made = create_over(subject.table(), &host.table, &instance);
    demand(made.code == CRM_OK, "a second instance over the same files",
           name_of(made.code) + " " + excerpt(made.error));
    const InsideCall inside;
    subject.table().destroy(instance);
}
void independent(Subject& subject) {
    ProbeHost one(subject.new_folder("a")), two(subject.new_folder("b"));
    const Session first(subject, one);
    const std::size_t before = one.seen().calls;
    {
        const Session second(subject, two);
        second.work();
        second.status();
    }
    demand(one.seen().calls == before, "calls to its own host only",
           "the second instance called the first one's host");
}
void describe_valid(Subject& subject) {
    ProbeHost host(subject.new_folder("a"));
    const Session session(subject, host);
    const Outcome described = session.describe();
    demand(described.code == CRM_OK, "CRM_OK", name_of(described.code) + " " + excerpt(described.error));
    demand(is_utf8(described.text) && is_json(described.text), "JSON in UTF-8", excerpt(described.text));
    const json::value value = json::parse(described.text);
    demand(value.is_object() && value.get_object().contains("id") && value.get_object().at("id").is_string(),
           "an object with an id", excerpt(described.text));
}
void describe_id(Subject& subject) {
    ProbeHost host(subject.new_folder("a"));
    const Session session(subject, host);
    const json::object described = session.described();
    const json::value* id = described.if_contains("id");
    const std::string found = id != nullptr && id->is_string() ? json::value_to<std::string>(*id) : "none";
    demand(found == subject.manifest().id, subject.manifest().id, found);
}
void describe_routes(Subject& subject) {
    ProbeHost host(subject.new_folder("a"));
    const Session session(subject, host);
    const json::value user = session.user_with_all();
    const json::array& known = user.at("permissions").as_array();
    for (const Route& route : session.routes()) {
        demand(!route.method.empty() && route.path.starts_with('/'), "a method and a path with / in front",
               excerpt(route.method + " " + route.path));
        if (!route.permission) continue;
        demand(std::find(known.begin(), known.end(), json::value(*route.permission)) != known.end(),
               "a permission that describe names", *route.permission);
    }
}
void describe_stable(Subject& subject) {
    ProbeHost host(subject.new_folder("a"));
    const Session session(subject, host);
    demand(session.describe().text == session.describe().text, "the same text at each call", "another one");
}
void status_valid(Subject& subject) {
    ProbeHost host(subject.new_folder("a"));
    const Session session(subject, host);
    const Outcome status = session.status();
    json::error_code failed;
    const json::value value = json::parse(status.text, failed);
    demand(!failed && value.is_object() && value.get_object().contains("state"), "{\"state\", \"text\"}",
           excerpt(status.text));
    const json::value& state = value.get_object().at("state");
    demand(state == "ok" || state == "attention" || state == "off", "ok, attention or off",
           json::serialize(state));
}
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
void leak_descriptors(Subject& subject) {
    const auto cycle = [&] {
        ProbeHost host(subject.new_folder("a"));
        const Session session(subject, host);
        session.run_due(now_us(), 1000);
    };
    cycle();
    const std::size_t before = open_descriptors();
    for (int i = 0; i < 20; ++i) cycle();
    demand(open_descriptors() <= before + 5, std::to_string(before) + " open descriptors",
           std::to_string(open_descriptors()) + " after 20 cycles");
}
void leak_memory(Subject& subject) {
    const auto cycle = [&] {
        ProbeHost host(subject.new_folder("a"));
        const Session session(subject, host);
        session.describe();
        session.run_due(now_us(), 1000);
    };
    for (int i = 0; i < 200; ++i) cycle();
    const std::size_t before = resident_bytes();
    for (int i = 0; i < 800; ++i) cycle();
    const std::size_t after = resident_bytes();
    demand(after < before + 4ul * 1024 * 1024, "less than 4 MiB of growth over 800 cycles",
           std::to_string((after - before) / 1024) + " KiB");
}
void process_state(Subject& subject) {
    subject.table();
    const auto before =
        std::tuple(working_directory(), environment(), signal_handlers(), file_mask(), locale_name());
    const std::size_t threads = thread_count();
    {
        ProbeHost host(subject.new_folder("a"));
        const Session session(subject, host);
        session.work();
        session.stop(kSecond);
    }
    const auto after =
        std::tuple(working_directory(), environment(), signal_handlers(), file_mask(), locale_name());
    demand(std::get<0>(before) == std::get<0>(after), "the working directory unchanged", std::get<0>(after));
    demand(std::get<1>(before) == std::get<1>(after), "the environment unchanged", "another one");
    demand(std::get<2>(before) == std::get<2>(after), "signal handlers unchanged", "another one");
    demand(std::get<3>(before) == std::get<3>(after), "the file mask unchanged",
           std::to_string(std::get<3>(after)));
    demand(std::get<4>(before) == std::get<4>(after), "the locale unchanged", std::get<4>(after));
    demand(thread_count() <= threads, "no thread left after destroy",
           std::to_string(thread_count() - threads));
}
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

const Check kCreate[] = {
    {"create.works", "create makes an instance over a host that offers everything.",
     "Nothing else can follow.", "abi.h, crm_connector.create", "See the error text.", create_works},
    {"create.missing-services", "Without any one service, create refuses with a text or the instance works.",
     "Most services are optional.", "abi.h, crm_host.query", "Test every table for NULL.", missing_services},
    {"create.null-members", "Optional functions may be NULL.",
     "A host may know a table and offer only part of it.", "abi.h, CRM_HAS",
     "Test each member before it is called.", null_members},
    {"create.short-tables", "Nothing beyond a table's struct_size is called.",
     "An older host's tables end earlier.", "abi.h, CRM_HAS", "Ask CRM_HAS before using a member.",
     short_tables},
    {"create.destroy-null", "destroy takes NULL.", "Hosts clean up after a failed create.", "abi.h, destroy",
     "Return at once for NULL.", destroy_null},
    {"create.again", "A second instance works over what the first one left.", "Hosts restart.",
     "abi.h, create", "Accept your own files.", create_again},
    {"create.independent", "Instances use their own host only.", "A host has an instance for each company.",
     "abi.h, crm_instance", "Keep no state outside the instance.", independent}};
const Check kDescribe[] = {
    {"describe.valid", "describe answers a JSON object with an id.", "The host mounts what it says.",
     "abi.h, describe", "Serialise with a JSON library.", describe_valid},
    {"describe.id", "The id is the manifest's.", "Routes and folders are named after it.", "manifest.hpp, id",
     "Use one id in both.", describe_id},
    {"describe.routes", "Routes have a method, a path and a known permission.",
     "The host checks that permission.", "abi.h, describe", "Name each permission under permissions.",
     describe_routes},
    {"describe.stable", "describe answers the same each time.", "Hosts may ask again.", "abi.h, describe",
     "Describe what is offered, not the state.", describe_stable},
    {"status.valid", "status answers a state and a text.", "The host shows it.", "abi.h, status",
     "Answer ok, attention or off.", status_valid}};
const Check kSinks[] = {
    {"sink.refused", "A sink's refusal ends the result and is answered.", "The reader has gone or is full.",
     "abi.h, crm_sink", "Return what write returned.", sink_refused},
    {"sink.null", "A missing sink is an error, not a crash.", "Hosts in other languages pass NULL.",
     "abi.h, crm_sink", "Test the sink and its write for NULL.", sink_null}};
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
     "abi.h, run_due", "Test next_us for NULL.", run_null_next},
    {"cancel.idle", "cancel is harmless when nothing runs.", "It races with the end of a run.",
     "abi.h, cancel", "Set a flag that the next run clears.", cancel_idle},
    {"stop.idle", "stop answers CRM_OK at once when nothing runs.", "Hosts shut down in seconds.",
     "abi.h, stop", "Answer CRM_OK when nothing runs.", stop_idle},
    {"stop.deadlines", "Any deadline is taken.", "Hosts compute deadlines.", "abi.h, stop",
     "Guard against overflow.", stop_deadlines}};
const Check kProcess[] = {
    {"threads.host-calls", "The host is called only during its own calls, records only inside run_due.",
     "PHP and Python hosts can't take calls from other threads.", "abi.h, thread tags",
     "Hand work to run_due.", host_calls},
    {"leaks.descriptors", "Instances leave no open file behind.", "The host runs for months.",
     "abi.h, destroy", "Close what create opened.", leak_descriptors, 60},
    {"leaks.memory", "1,000 instances leave no memory behind.", "The host runs for months.", "abi.h, destroy",
     "Free what create made.", leak_memory, 120},
    {"process.state", "Directory, environment, signals, mask, locale and threads are as before.",
     "They belong to the host.", "abi.h", "Change none of them.", process_state}};
const Check kSettings[] = {
    {"settings.garbage", "Damaged settings are refused with a text or replaced by defaults.",
     "Databases are restored and edited by hand.", "abi.h, crm_settings.get", "Validate what get gives.",
     settings_garbage, 60},
    {"settings.unreadable", "Settings that can't be read are refused with a text or replaced by defaults.",
     "Databases fail.", "abi.h, crm_settings.get", "Look at the code.", settings_fail}};

}  // namespace

Checks create_checks() {
    return kCreate;
}
Checks describe_checks() {
    return kDescribe;
}
Checks sink_checks() {
    return kSinks;
}
Checks run_checks() {
    return kRun;
}
Checks process_checks() {
    return kProcess;
}
Checks settings_checks() {
    return kSettings;
}

}  // namespace crm::validator
