#include "crm/loader.hpp"

#include <boost/dll/shared_library.hpp>
#include <list>
#include <map>
#include <mutex>
#include <system_error>

#include "connector_proxy.hpp"
#include "crm/detail/guard.hpp"
#include "file_check.hpp"
#include "refuse.hpp"

namespace crm {
namespace {

namespace fs = std::filesystem;
namespace dll = boost::dll;

using Entry = const crm_entry*();

class LoadedModule final : public Module {
  public:
    LoadedModule(Manifest manifest, const crm_connector& table)
        : manifest_(std::move(manifest)), table_(table) {}

    const Manifest& manifest() const override { return manifest_; }
    std::unique_ptr<IConnector> create(IHost& host) override { return detail::make_connector(table_, host); }

  private:
    Manifest manifest_;
    const crm_connector& table_;
};

// The modules of this process by id, and every library that was ever mapped. Never destroyed, because modules
// stay mapped to the end and instances may outlive static objects.
struct Registry {
    std::mutex mutex;
    std::list<dll::shared_library> libraries;
    std::map<std::string, std::shared_ptr<LoadedModule>, std::less<>> modules;
};

Registry& registry() {
    static auto* const the_registry = new Registry;
    return *the_registry;
}

// Maps the sealed bytes and answers the module's entry function. Whatever happens afterwards, the library
// stays: its constructors have run, and a library with threads can't be unloaded safely.
Entry* map_library(const fs::path& file, detail::SealedFile& bytes, Registry& loaded) {
    try {
        dll::shared_library mapped(bytes.path(), dll::load_mode::rtld_now | dll::load_mode::rtld_local);
        bytes.keep_open();
        const dll::shared_library& library = loaded.libraries.emplace_back(std::move(mapped));
        if (!library.has("crm_module_entry")) {
            detail::refuse(file, "a connector module, which exports crm_module_entry", "another library",
                           "Put a CRM connector's module file here");
        }
        return &library.get<Entry>("crm_module_entry");
    } catch (const std::system_error& failure) {
        detail::refuse(file, "a library that can be loaded here", failure.what(),
                       "Install what it needs, or get the module built for this system");
    }
}

void check_entry(const fs::path& file, const crm_entry* entry, const Manifest& manifest) {
    if (entry == nullptr) {
        detail::refuse(file, "an entry table", "none", "The module is defective: tell its publisher");
    }
    if (entry->magic != CRM_ENTRY_MAGIC) {
        detail::refuse(file, "the entry's magic number " + std::to_string(CRM_ENTRY_MAGIC),
                       std::to_string(entry->magic), "The module is defective: tell its publisher");
    }
    if (entry->struct_size < sizeof(crm_entry) || entry->query == nullptr) {
        detail::refuse(file, "an entry table of at least " + std::to_string(sizeof(crm_entry)) + " bytes",
                       "one of " + std::to_string(entry->struct_size) + " bytes or without query",
                       "The module is defective: tell its publisher");
    }
    if (entry->major != CRM_ABI_MAJOR || entry->major != manifest.api_major) {
        detail::refuse(
            file,
            "a module built for API version " + std::to_string(CRM_ABI_MAJOR) + ", as its manifest says",
            "version " + std::to_string(entry->major) + "." + std::to_string(entry->minor),
            "Get the module for this host's version, with its own manifest");
    }
}

const crm_connector& find_connector(const fs::path& file, const crm_entry& entry) {
    const std::string_view name = CRM_INTERFACE_CONNECTOR;
    const auto* const table = static_cast<const crm_connector*>(entry.query(name.data(), name.size()));
    if (table == nullptr) {
        detail::refuse(file, "the interface " CRM_INTERFACE_CONNECTOR, "a module without it",
                       "Get a module for this host's version");
    }
    if (!detail::is_whole(table)) {
        detail::refuse(file, "the interface " CRM_INTERFACE_CONNECTOR " with all its functions",
                       "a table of " + std::to_string(table->struct_size) + " bytes, or with empty places",
                       "The module is defective: tell its publisher");
    }
    return *table;
}

}  // namespace

Manifest check_module_file(const fs::path& file) {
    return detail::check_module(file).manifest;
}

std::shared_ptr<Module> load_module(const fs::path& file) {
    detail::CheckedModule checked = detail::check_module(file);
    Registry& loaded = registry();
    const std::lock_guard lock(loaded.mutex);
    // The same bytes again are the same module. Other bytes under the same id would be a second module that
    // serves the same routes, or an upgrade, for which the running code can't be taken away.
    if (const auto found = loaded.modules.find(checked.manifest.id); found != loaded.modules.end()) {
        const Manifest& running = found->second->manifest();
        if (running.sha256 == checked.manifest.sha256) return found->second;
        detail::refuse(file, "one module with the id " + running.id,
                       "version " + running.version + " of it already loaded from another file",
                       "Restart the host to upgrade, and keep only one file with this id");
    }
    Entry* const entry_function = map_library(file, checked.bytes, loaded);
    const crm_entry* entry = nullptr;
    detail::call("the module's entry", [&](const crm_sink* error) {
        return detail::guard(error, [&] { entry = entry_function(); });
    });
    check_entry(file, entry, checked.manifest);
    const crm_connector& table = find_connector(file, *entry);
    auto module = std::make_shared<LoadedModule>(std::move(checked.manifest), table);
    loaded.modules.emplace(module->manifest().id, module);
    return module;
}

std::unique_ptr<IConnector> load_connector(const fs::path& file, IHost& host) {
    return load_module(file)->create(host);
}

}  // namespace crm
