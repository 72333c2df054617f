// What the module answers before any instance exists.
#include "catalogue.hpp"
#include "connector_proxy.hpp"
#include "crm/error.hpp"
#include "guarded_text.hpp"
#include "subject.hpp"

namespace crm::validator {
namespace {

constexpr std::string_view kConnectorName = CRM_INTERFACE_CONNECTOR;

void loads(Subject& subject) {
    try {
        subject.map();
    } catch (const Error& failure) {
        demand(failure.code() == CRM_NOT_FOUND, "a library that can be mapped here", failure.what());
        subject.mapped();
    }
}
void present(Subject& subject) {
    subject.image();
    try {
        demand(subject.map() != nullptr, "an entry table", "NULL");
    } catch (const Error&) {
        subject.mapped();
    }
}
void magic(Subject& subject) {
    demand(subject.mapped()->magic == CRM_ENTRY_MAGIC, std::to_string(CRM_ENTRY_MAGIC),
           std::to_string(subject.mapped()->magic));
}
void size(Subject& subject) {
    const auto* entry = subject.mapped();
    demand(entry->struct_size >= sizeof(crm_entry) && entry->query != nullptr,
           "at least " + std::to_string(sizeof(crm_entry)) + " bytes with query",
           std::to_string(entry->struct_size) + " bytes" + (entry->query == nullptr ? ", query NULL" : ""));
}
void major(Subject& subject) {
    demand(subject.mapped()->major == CRM_ABI_MAJOR, std::to_string(CRM_ABI_MAJOR),
           std::to_string(subject.mapped()->major));
}
void stable(Subject& subject) {
    const auto* first = subject.mapped();
    demand(subject.entry_function()() == first, "the same table at each call", "another address");
}
void connector(Subject& subject) {
    const auto* table = static_cast<const crm_connector*>(
        subject.entry().query(kConnectorName.data(), kConnectorName.size()));
    demand(detail::is_whole(table), "crm.connector/1 with all its functions",
           table == nullptr ? "NULL"
                            : "a table of " + std::to_string(table->struct_size) + " bytes, or empty places");
}
void constant(Subject& subject) {
    const auto* table = &subject.table();
    demand(subject.entry().query(kConnectorName.data(), kConnectorName.size()) == table,
           "the same table at each call", "another address");
}
void unknown_names(Subject& subject) {
    const auto& entry = subject.entry();
    for (const std::string& name :
         {std::string(), std::string("crm.connector/"), std::string("crm.connector/2"),
          std::string("crm.connector/10"), std::string("CRM.CONNECTOR/1"),
          std::string("crm.connector/1\0", 16), std::string(1'000'000, 'x')}) {
        demand(entry.query(name.data(), name.size()) == nullptr, "NULL for a name nobody knows",
               "a table for a name of " + std::to_string(name.size()) + " bytes, \"" + name.substr(0, 20) +
                   "\"");
    }
    demand(entry.query(nullptr, 0) == nullptr, "NULL for no name", "a table");
}
void name_bounded(Subject& subject) {
    const auto& entry = subject.entry();
    for (std::size_t length = 0; length <= kConnectorName.size(); ++length) {
        const GuardedText name(kConnectorName.substr(0, length));
        static_cast<void>(entry.query(name.data(), name.size()));
    }
}

const Check kChecks[] = {
    {"entry.loads", "The system's loader maps the module, with every symbol found.",
     "A missing library or symbol stops the host's start.", "loader.hpp, load_module",
     "Link with -z defs and ship or name what it needs.", loads},
    {"entry.present", "crm_module_entry answers a table.", "There is nothing else to ask.",
     "abi.h, crm_module_entry_fn", "Return the address of a static crm_entry.", present},
    {"entry.magic", "The entry begins with the magic number.", "It tells a connector from any other library.",
     "abi.h, crm_entry", "Set magic to CRM_ENTRY_MAGIC.", magic},
    {"entry.size", "The entry is as long as crm_entry and has query.",
     "A host reads no further than struct_size.", "abi.h, crm_entry", "Set struct_size to sizeof(crm_entry).",
     size},
    {"entry.major", "The entry names the major version of this boundary.",
     "Another major is another boundary.", "abi.h, rules of growth", "Build with this SDK's abi.h.", major},
    {"entry.stable", "crm_module_entry answers the same table each time.", "Hosts keep the pointer.",
     "abi.h, crm_module_entry_fn", "Make the table static.", stable},
    {"entry.connector", "query gives crm.connector/1 with all functions.", "Hosts call all of them.",
     "abi.h, crm_connector", "Fill in every member and struct_size.", connector},
    {"entry.constant", "query answers the same table each time.", "Hosts keep the pointer.",
     "abi.h, crm_entry.query", "Make the table static.", constant},
    {"entry.unknown-names", "query answers NULL for every name it does not know, whole name compared.",
     "A later host asks for interfaces that did not exist when the module was built.",
     "abi.h, crm_entry.query", "Compare the size first, then all bytes.", unknown_names},
    {"entry.name-bounded", "query reads no further than name_size.", "Names are not terminated.",
     "abi.h, rules of growth", "Use memcmp with name_size, never strcmp.", name_bounded}};

}  // namespace

Checks entry_checks() {
    return kChecks;
}

}  // namespace crm::validator
