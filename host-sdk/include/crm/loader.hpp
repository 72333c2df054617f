// Host side: from a file in the plugins folder to a running connector.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "crm/connector.hpp"
#include "crm/host.hpp"
#include "crm/manifest.hpp"

namespace crm {

// What a module may use up in the probe, from its mapping to its description. Memory is what it uses on top
// of the probe itself. Builds with a sanitizer get more of everything.
struct ProbeLimits {
    std::chrono::milliseconds wall{1500};
    std::chrono::seconds cpu{1};
    std::uint64_t memory = std::uint64_t{128} * 1024 * 1024;
};

struct LoadOptions {
    // Publishers' Ed25519 public keys, base64 (crm/publisher.hpp). Only what one of them signed is loaded.
    std::vector<std::string> trusted_keys;
    // Also loads what nobody trusted signed. A signature that does not fit is refused all the same.
    bool allow_unsigned = false;
    // The program crm-module-probe, in which a module runs before it runs here. Empty: the one beside the
    // running program.
    std::filesystem::path probe;
    // Loads without probing: a module that crashes takes the host with it.
    bool without_probe = false;
    ProbeLimits limits;

    // For a program whose user names the file and thereby vouches for it, such as a test: no signature is
    // asked for and nothing is probed. What the functions without options use.
    static LoadOptions vouched_for() {
        LoadOptions options;
        options.allow_unsigned = true;
        options.without_probe = true;
        return options;
    }
};

// A module whose file passed every check and is mapped. It stays mapped until the process ends, because a
// library with threads or thread-local destructors can't be unloaded safely.
class Module {
  public:
    virtual ~Module() = default;
    virtual const Manifest& manifest() const = 0;
    // [main-thread] A new instance over `host`, which must outlive it.
    virtual std::unique_ptr<IConnector> create(IHost& host) = 0;
};

// Checks without running anything of the module in this process: the manifest `<stem>.json` beside it and its
// signature, that it is a regular file inside that folder, its owner and permissions, size, ELF header (this
// machine's architecture, shared object, sections inside the file), SHA-256, and that no other module in the
// folder has its id. Then the probe, a child process with limits, maps the bytes, checks the tables, makes an
// instance and has it described. Throws crm::Error(CRM_INVALID) with one message that says what was expected,
// what was found and what to do; CRM_INTERNAL when the check itself could not be made.
Manifest check_module_file(const std::filesystem::path& file, const LoadOptions& options);
Manifest check_module_file(const std::filesystem::path& file);

// check_module_file, then maps the very bytes that were hashed and probed and checks the entry table.
std::shared_ptr<Module> load_module(const std::filesystem::path& file, const LoadOptions& options);
std::shared_ptr<Module> load_module(const std::filesystem::path& file);

// Loads the module and makes one instance of it.
std::unique_ptr<IConnector> load_connector(const std::filesystem::path& file, IHost& host,
                                           const LoadOptions& options);
std::unique_ptr<IConnector> load_connector(const std::filesystem::path& file, IHost& host);

}  // namespace crm
