#include "crm/loader.hpp"

#include <boost/dll/shared_library.hpp>
#include <list>
#include <map>
#include <mutex>

#include "connector_proxy.hpp"
#include "file_check.hpp"
#include "mapped_module.hpp"
#include "module_probe.hpp"
#include "refuse.hpp"

namespace crm {
namespace {

namespace fs = std::filesystem;
namespace dll = boost::dll;

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

detail::CheckedModule check(const fs::path& file, const LoadOptions& options) {
    detail::CheckedModule checked = detail::check_module(file, options);
    if (!options.without_probe) detail::probe_module(file, checked, options);
    return checked;
}

}  // namespace

Manifest check_module_file(const fs::path& file, const LoadOptions& options) {
    return check(file, options).manifest;
}

Manifest check_module_file(const fs::path& file) {
    return check_module_file(file, LoadOptions::vouched_for());
}

std::shared_ptr<Module> load_module(const fs::path& file, const LoadOptions& options) {
    detail::CheckedModule checked = check(file, options);
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
    // Whatever happens afterwards, the library stays: its constructors have run, and a library with threads
    // can't be unloaded safely.
    const dll::shared_library& library =
        loaded.libraries.emplace_back(detail::map_library(file, checked.bytes.path()));
    checked.bytes.keep_open();
    const crm_connector& table = detail::find_connector(file, library, checked.manifest.api_major);
    auto module = std::make_shared<LoadedModule>(std::move(checked.manifest), table);
    loaded.modules.emplace(module->manifest().id, module);
    return module;
}

std::shared_ptr<Module> load_module(const fs::path& file) {
    return load_module(file, LoadOptions::vouched_for());
}

std::unique_ptr<IConnector> load_connector(const fs::path& file, IHost& host, const LoadOptions& options) {
    return load_module(file, options)->create(host);
}

std::unique_ptr<IConnector> load_connector(const fs::path& file, IHost& host) {
    return load_connector(file, host, LoadOptions::vouched_for());
}

}  // namespace crm
