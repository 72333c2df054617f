#include "mapped_module.hpp"

#include <string>
#include <string_view>
#include <system_error>

#include "connector_proxy.hpp"
#include "crm/detail/guard.hpp"
#include "refuse.hpp"
#include "system_loader.hpp"

namespace crm::detail {
namespace {

namespace fs = std::filesystem;
namespace dll = boost::dll;

using Entry = const crm_entry*();

void check_entry(const fs::path& file, const crm_entry* entry, std::uint32_t api_major) {
    if (entry == nullptr) {
        refuse(file, "an entry table", "none", "The module is defective: tell its publisher");
    }
    if (entry->magic != CRM_ENTRY_MAGIC) {
        refuse(file, "the entry's magic number " + std::to_string(CRM_ENTRY_MAGIC),
               std::to_string(entry->magic), "The module is defective: tell its publisher");
    }
    if (entry->struct_size < sizeof(crm_entry) || entry->query == nullptr) {
        refuse(file, "an entry table of at least " + std::to_string(sizeof(crm_entry)) + " bytes",
               "one of " + std::to_string(entry->struct_size) + " bytes or without query",
               "The module is defective: tell its publisher");
    }
    if (entry->major != CRM_ABI_MAJOR || entry->major != api_major) {
        refuse(file,
               "a module built for API version " + std::to_string(CRM_ABI_MAJOR) + ", as its manifest says",
               "version " + std::to_string(entry->major) + "." + std::to_string(entry->minor),
               "Get the module for this host's version, with its own manifest");
    }
}

const crm_connector& connector_of(const fs::path& file, const crm_entry& entry) {
    const std::string_view name = CRM_INTERFACE_CONNECTOR;
    const auto* const table = static_cast<const crm_connector*>(entry.query(name.data(), name.size()));
    if (table == nullptr) {
        refuse(file, "the interface " CRM_INTERFACE_CONNECTOR, "a module without it",
               "Get a module for this host's version");
    }
    if (!is_whole(table)) {
        refuse(file, "the interface " CRM_INTERFACE_CONNECTOR " with all its functions",
               "a table of " + std::to_string(table->struct_size) + " bytes, or with empty places",
               "The module is defective: tell its publisher");
    }
    return *table;
}

}  // namespace

dll::shared_library map_library(const fs::path& file, const fs::path& path) {
    try {
        return dll::shared_library(path, system_load_mode());
    } catch (const std::system_error& failure) {
        const LoadFailure reason = load_failure(failure);
        if (reason.missing_function) {
            refuse(file, "a module that finds every function it calls", reason.text,
                   "Get the module built for this system, linked so that nothing is left undefined");
        }
        refuse(file, "a library that can be loaded here", reason.text,
               "Install what it needs, or get the module built for this system");
    }
}

const crm_connector& find_connector(const fs::path& file, const dll::shared_library& library,
                                    std::uint32_t api_major) {
    if (!library.has("crm_module_entry")) {
        refuse(file, "a connector module, which exports crm_module_entry", "another library",
               "Put a CRM connector's module file here");
    }
    Entry& entry_function = library.get<Entry>("crm_module_entry");
    const crm_entry* entry = nullptr;
    call("the module's entry",
         [&](const crm_sink* error) { return guard(error, [&] { entry = entry_function(); }); });
    check_entry(file, entry, api_major);
    return connector_of(file, *entry);
}

}  // namespace crm::detail
