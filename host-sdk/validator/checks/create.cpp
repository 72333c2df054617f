// Making instances over hosts that offer more or less.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "catalogue.hpp"
#include "life.hpp"
#include "session.hpp"

namespace crm::validator {
namespace {

void create_works(Subject& subject) {
    ProbeHost host(subject.new_folder("a"));
    crm_instance* instance = nullptr;
    const Outcome made = create_over(subject.table(), &host.table, &instance);
    demand(made.code == CRM_OK && instance != nullptr, "an instance",
           name_of(made.code) + " " + excerpt(made.error));
}
constexpr const char* kServices[] = {CRM_SERVICE_LOG,     CRM_SERVICE_CLOCK, CRM_SERVICE_SETTINGS,
                                     CRM_SERVICE_RECORDS, CRM_SERVICE_KEYS,  CRM_SERVICE_FILES,
                                     CRM_SERVICE_NOTIFY,  CRM_SERVICE_WAKE,  CRM_SERVICE_THREADS};
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
    host.threads.allowed = nullptr;
    refuse_or_work(subject, host, "a host whose optional functions are NULL");
}
void short_tables(Subject& subject) {
    ProbeHost host(subject.new_folder("a"));
    for (std::uint32_t* size : {&host.keys.struct_size, &host.files.struct_size, &host.notify.struct_size,
                                &host.wake.struct_size, &host.threads.struct_size}) {
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
    host.threads.allowed = [](void*) -> std::uint32_t { std::abort(); };
    refuse_or_work(subject, host, "a host with shorter tables");
}
// A copy of any table with members after the ones this version knows. Whoever calls those is stopped.
class LongerTable {
  public:
    explicit LongerTable(const void* table) {
        std::uint32_t size = 0;
        std::memcpy(&size, table, sizeof size);
        const std::size_t known = (size + sizeof(Function) - 1) / sizeof(Function);
        places_.resize(known + kUnknown, [] { std::abort(); });
        std::memcpy(places_.data(), table, size);
        size = static_cast<std::uint32_t>(places_.size() * sizeof(Function));
        std::memcpy(places_.data(), &size, sizeof size);
    }
    const void* get() const { return places_.data(); }

  private:
    using Function = void (*)();
    static constexpr std::size_t kUnknown = 8;
    std::vector<Function> places_;
};
void long_tables(Subject& subject) {
    ProbeHost host(subject.new_folder("a"));
    std::map<std::string, LongerTable, std::less<>> longer;
    host.substitute = [&](std::string_view name, const void* table) {
        return longer.try_emplace(std::string(name), table).first->second.get();
    };
    const LongerTable itself(&host.table);
    crm_instance* instance = nullptr;
    const Outcome made = create_over(subject.table(), static_cast<const crm_host*>(itself.get()), &instance);
    if (made.code != CRM_OK) {
        ProbeHost ordinary(subject.new_folder("b"));
        const Session works(subject, ordinary);  // else the longer tables are not to blame
        throw Failure{"an instance over a newer host", name_of(made.code) + " " + excerpt(made.error)};
    }
    const Session session(subject, instance);
    session.work();
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
    {"create.long-tables", "A host's tables may have members that this version does not know.",
     "A newer host's tables are longer.", "abi.h, CRM_HAS", "Ask CRM_HAS, never compare sizes for equality.",
     long_tables},
    {"create.destroy-null", "destroy takes NULL.", "Hosts clean up after a failed create.", "abi.h, destroy",
     "Return at once for NULL.", destroy_null},
    {"create.again", "A second instance works over what the first one left.", "Hosts restart.",
     "abi.h, create", "Accept your own files.", create_again},
    {"create.independent", "Instances use their own host only.", "A host has an instance for each company.",
     "abi.h, crm_instance", "Keep no state outside the instance.", independent}};

}  // namespace

Checks create_checks() {
    return kCreate;
}

}  // namespace crm::validator
