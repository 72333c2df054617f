// Hosts whose services refuse, or answer what nobody expects.
#include <functional>

#include "catalogue.hpp"
#include "hostile.hpp"
#include "life.hpp"

namespace crm::validator {
namespace {

// JSON of the right kind that does not fit what was asked.
const std::vector<Named>& strange_records() {
    static const std::vector<Named> texts = {
        {"no items", R"({"next":null})"},
        {"items that are null", R"({"items":null,"next":null})"},
        {"items that are an object", R"({"items":{"id":"1"},"next":null})"},
        {"an item that is null", R"({"items":[null],"next":null})"},
        {"an item without members", R"({"items":[{}],"next":null})"},
        {"members of wrong types",
         R"({"items":[{"id":7,"externalId":[],"active":"no","outcome":5,"previous":[],"updatedAt":null,"fields":"x"}],"next":8})"},
        {"an outcome nobody knows",
         R"({"items":[{"id":"1","outcome":"eaten","previous":{},"updatedAt":"yesterday"}]})"},
        {"an error without a text", R"({"items":[{"error":null}]})"},
        {"a record nobody asked for",
         R"({"items":[{"id":"99","externalId":"of somebody else","active":true,"updatedAt":"2026-01-01T00:00:00Z","fields":{},"outcome":"updated","previous":{}}],"next":null})"},
        {"too many items", "{\"items\":[" +
                               [] {
                                   std::string items;
                                   for (int i = 0; i < 5000; ++i) items += R"({"id":"1","fields":{}},)";
                                   return items;
                               }() +
                               "{}],\"next\":null}"},
        {"a text of 8 MB", R"({"items":[],"next":null,"x":")" + std::string(8'000'000, 'x') + R"("})"},
    };
    return texts;
}
void records_hostile(Subject& subject) {
    std::size_t asked = 0;
    for (const auto* list : {&broken_json(), &strange_json(), &strange_records()}) {
        for (const Named& text : *list) {
            ProbeHost host(subject.new_folder(std::to_string(asked)));
            host.on_records_query = host.on_records_upsert = host.on_records_changes = answering(text.text);
            live(subject, host, "records that are " + text.name);
            const auto seen = host.seen();
            asked += seen.queries.size() + seen.upserts.size() + seen.feeds.size();
        }
    }
    exercised(asked, CRM_SERVICE_RECORDS);
}

void keys_hostile(Subject& subject) {
    const Named keys[] = {{"nothing", ""},
                          {"one byte", "x"},
                          {"64 KiB", std::string(65536, 'k')},
                          {"zeros", std::string(32, '\0')},
                          {"a page of HTML", "<html>502 Bad Gateway</html>"}};
    std::size_t asked = 0;
    for (const Named& key : keys) {
        // What was wrapped well is unwrapped badly at the next start, and the other way round.
        const auto folder = subject.new_folder(key.name);
        ProbeHost good(folder), bad(folder);
        live(subject, good, "keys");
        bad.on_unwrap = answering(key.text);
        live(subject, bad, "an unwrapped key that is " + key.name);
        ProbeHost fresh(subject.new_folder(key.name + " wrapped"));
        fresh.on_wrap = answering(key.text);
        live(subject, fresh, "a wrapped key that is " + key.name);
        asked += bad.seen().unwraps + fresh.seen().wraps;
    }
    exercised(asked, CRM_SERVICE_KEYS);
}

void clock_jumps(Subject& subject) {
    constexpr std::int64_t kYear = std::int64_t{365} * 86'400 * kSecond;
    struct Course {
        const char* name;
        std::function<std::int64_t(std::int64_t)> at;  // by the number of the call
    };
    const std::int64_t start = now_us();
    const Course courses[] = {
        {"runs backwards", [=](std::int64_t call) { return start - call * 3600 * kSecond; }},
        {"jumps to and fro", [=](std::int64_t call) { return start + (call % 2 == 0 ? kYear : -kYear); }},
        {"stands still", [=](std::int64_t) { return start; }},
        {"says 1970", [](std::int64_t) { return std::int64_t{0}; }},
        {"says a time long before", [](std::int64_t) { return INT64_MIN; }},
        {"says a time long after", [](std::int64_t) { return INT64_MAX; }},
        {"says a year of five digits", [=](std::int64_t call) { return 9000 * kYear + call; }}};
    std::size_t asked = 0;
    for (const Course& course : courses) {
        ProbeHost host(subject.new_folder(course.name));
        host.on_now = [&course, call = std::int64_t{0}]() mutable { return course.at(call++); };
        live(subject, host, std::string("a clock that ") + course.name);
        asked += host.seen().times;
    }
    exercised(asked, CRM_SERVICE_CLOCK);
}

// settings.get has a check of its own, and the others have no code to refuse with.
struct Function {
    const char* name;
    ProbeHost::Answer ProbeHost::*answer;
};
constexpr Function kRefusing[] = {{"settings.put", &ProbeHost::on_settings_put},
                                  {"records.query", &ProbeHost::on_records_query},
                                  {"records.upsert", &ProbeHost::on_records_upsert},
                                  {"records.changes", &ProbeHost::on_records_changes},
                                  {"keys.wrap", &ProbeHost::on_wrap},
                                  {"keys.unwrap", &ProbeHost::on_unwrap},
                                  {"files.directory", &ProbeHost::on_directory}};
// One past the codes there are: a code from a later version.
constexpr crm_result kCodes[] = {CRM_AUTH,    CRM_TRANSIENT, CRM_CONFLICT,     CRM_UNSUPPORTED,
                                 CRM_INVALID, CRM_INTERNAL,  CRM_NOT_FOUND + 1};
void refusals(Subject& subject) {
    std::size_t asked = 0;
    for (const Function& function : kRefusing) {
        for (const crm_result code : kCodes) {
            const std::string what = std::string(function.name) + " that answers " + name_of(code);
            const auto folder = subject.new_folder(what);
            // Once and then well again, always, and well again at the next start.
            for (const std::size_t most : {std::size_t{1}, SIZE_MAX, std::size_t{0}}) {
                ProbeHost host(folder);
                host.*function.answer = [&, refused = std::size_t{0}](
                                            auto, auto,
                                            const crm_sink* error) mutable -> std::optional<crm_result> {
                    if (refused == most) return std::nullopt;
                    ++refused;
                    ++asked;
                    write_to(error, "refused by the checker");
                    return code;
                };
                live(subject, host, what);
            }
        }
    }
    exercised(asked, "anything that can be refused");
}

const Check kServiceChecks[] = {
    {"records.hostile", "Answers of the records service that make no sense do no harm.",
     "Hosts have defects, proxies have error pages.", "abi.h, crm_records",
     "Validate what query and upsert give.", records_hostile, 180},
    {"keys.hostile", "Keys of any length and content do no harm.",
     "A backup is restored under another master key.", "abi.h, crm_keys",
     "Check the length before a key is used.", keys_hostile, 120},
    {"clock.jumps", "A clock that jumps or stands still does no harm.", "Clocks are set by people.",
     "abi.h, crm_clock", "Measure with monotonic_us; guard against overflow.", clock_jumps, 120},
    {"services.refusals", "Each function of the host may refuse, with any code, and be well again later.",
     "Databases and disks fail.", "abi.h, crm_result", "Look at every code.", refusals, 180}};

}  // namespace

Checks service_checks() {
    return kServiceChecks;
}

}  // namespace crm::validator
