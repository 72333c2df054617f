// Host side: from a file in the plugins folder to a running connector.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "crm/connector.hpp"
#include "crm/host.hpp"
#include "crm/manifest.hpp"

namespace crm {

// A module whose file passed every check and is mapped. It stays mapped until the process ends, because a
// library with threads or thread-local destructors can't be unloaded safely.
class Module {
  public:
    virtual ~Module() = default;
    virtual const Manifest& manifest() const = 0;
    // [main-thread] A new instance over `host`, which must outlive it.
    virtual std::unique_ptr<IConnector> create(IHost& host) = 0;
};

// Checks without running anything of the module: the manifest `<stem>.json` beside it, that it is a regular
// file inside that folder, its owner and permissions, size, ELF header (this machine's architecture, shared
// object, sections inside the file) and SHA-256. Throws crm::Error(CRM_INVALID) with one message that says
// what was expected, what was found and what to do.
Manifest check_module_file(const std::filesystem::path& file);

// check_module_file, then maps the very bytes that were hashed and checks the entry table.
std::shared_ptr<Module> load_module(const std::filesystem::path& file);

// Loads the module and makes one instance of it.
std::unique_ptr<IConnector> load_connector(const std::filesystem::path& file, IHost& host);

}  // namespace crm
