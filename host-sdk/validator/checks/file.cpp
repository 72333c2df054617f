// The file, its manifest, and what the system's loader will do with it. Nothing of the module runs here.
#include <boost/json.hpp>

#include "catalogue.hpp"
#include "crypto.hpp"
#include "file_check.hpp"
#include "image_check.hpp"
#include "signature.hpp"
#include "subject.hpp"

namespace crm::validator {
namespace {

namespace json = boost::json;

void trusted(Subject& subject) {
    detail::open_trusted(subject.file(), "module file");
}
void whole(Subject& subject) {
    detail::check_whole_image(subject.file(), subject.bytes());
}
void manifest_valid(Subject& subject) {
    read_manifest(subject.manifest_file());
}
void manifest_file(Subject& subject) {
    demand(subject.manifest().file == subject.file().filename(), subject.file().filename().string(),
           subject.manifest().file);
}
void manifest_digest(Subject& subject) {
    const std::string digest = detail::sha256_hex(subject.bytes());
    demand(subject.manifest().sha256 == digest, digest, subject.manifest().sha256);
}
void manifest_api(Subject& subject) {
    const auto& entry = subject.entry();
    demand(subject.manifest().api_major == entry.major && subject.manifest().api_minor == entry.minor,
           std::to_string(entry.major) + "." + std::to_string(entry.minor) + ", as the module's entry says",
           std::to_string(subject.manifest().api_major) + "." + std::to_string(subject.manifest().api_minor));
}
void manifest_signature(Subject& subject) {
    subject.manifest();
    const std::string text = subject.manifest_text();
    const json::value root = json::parse(text);
    const json::value* const signature = root.get_object().if_contains("signature");
    std::vector<std::string> keys = subject.trusted();
    if (keys.empty()) {
        if (signature == nullptr || signature->is_null())
            throw NotExercised{
                "the manifest is unsigned, so hosts load the module only when they are told to"};
        // Nobody said whom to trust, so the signature is to fit the key it names.
        const json::value* const key =
            signature->is_object() ? signature->get_object().if_contains("key") : nullptr;
        if (key != nullptr && key->is_string()) keys.push_back(json::value_to<std::string>(*key));
    }
    detail::check_signature(subject.manifest_file(), text, keys, false);
}
void exports_entry(Subject& subject) {
    for (const auto& symbol : subject.image().exported()) {
        if (symbol.name == "crm_module_entry" && symbol.function) return;
    }
    throw Failure{"the function crm_module_entry", "no such dynamic symbol"};
}
void one_symbol(Subject& subject) {
    for (const auto& symbol : subject.image().exported()) {
        demand(symbol.unique || symbol.name == "crm_module_entry", "only crm_module_entry", symbol.name);
    }
}
// What this format does not have can't be done wrong in it.
void needs_elf() {
    if (!kElf) throw NotExercised{"modules of this system have no such thing"};
}
void no_unique(Subject& subject) {
    needs_elf();
    for (const auto& symbol : subject.image().exported())
        demand(!symbol.unique, "no GNU_UNIQUE symbol", symbol.name);
}
void no_text_relocations(Subject& subject) {
    needs_elf();
    demand(!subject.image().text_relocations(), "position-independent code", "text relocations (DT_TEXTREL)");
}
void no_executable_stack(Subject& subject) {
    demand(!subject.image().executable_stack(), "PT_GNU_STACK without X", "an executable stack");
}
void bind_now(Subject& subject) {
    demand(subject.image().bind_now(), "BIND_NOW", "lazy binding");
}
void relro(Subject& subject) {
    needs_elf();
    demand(subject.image().relro(), "a PT_GNU_RELRO segment", "none");
}
void no_static_tls(Subject& subject) {
    needs_elf();
    demand(!subject.image().static_tls(), "dynamic thread-local storage", "DF_STATIC_TLS");
}
void no_writable_code(Subject& subject) {
    demand(!subject.image().writable_code(), "no segment that is both writable and executable",
           "one that is");
}
void no_run_path(Subject& subject) {
    needs_elf();
    for (const auto& path : subject.image().run_paths()) {
        demand(path.starts_with("$ORIGIN"), "no run path, or one below $ORIGIN", path);
    }
}

constexpr const char* kDigestFix = "Build it with crm_add_connector, which fills the manifest in.";
constexpr const char* kLinkFix = "Link it with crm_add_connector, which passes the right linker options.";

const Check kFile[] = {
    {"file.trusted", "The file is regular, in its own folder, and only its owner or root can change it.",
     "Whoever can write the file decides what the host runs.", "loader.hpp, check_module_file",
     "chmod go-w, chown, and copy the file itself rather than a link.", trusted},
    {"file.elf", "The file is a whole shared object for this machine.",
     "A file cut short ends in SIGBUS inside the system's loader.", "loader.hpp, check_module_file",
     "Copy it again, or build it for this machine.", whole}};
const Check kManifest[] = {
    {"manifest.valid", "The manifest lies beside the module and fits its schema.",
     "The host refuses a module it knows nothing about.", "manifest.hpp",
     "Write <stem>.json as the schema says.", manifest_valid},
    {"manifest.file", "The manifest names this file.",
     "A renamed file would be judged by another's manifest.", "manifest.hpp, file", kDigestFix,
     manifest_file},
    {"manifest.digest", "The manifest holds this file's SHA-256.",
     "The host loads only bytes that were vouched for.", "manifest.hpp, sha256", kDigestFix, manifest_digest},
    {"manifest.api", "The manifest and the entry agree on the API version.",
     "The host decides by the manifest before anything is mapped.", "abi.h, crm_entry",
     "Put the version of the abi.h the module was built with into the manifest.", manifest_api},
    {"manifest.signature",
     "A signature fits the manifest, and with --trusted there is one by such a publisher.",
     "The host refuses a changed manifest.", "loader.hpp, LoadOptions",
     "Sign it with crm-sign-manifest when nothing changes any more.", manifest_signature}};
const Check kBinary[] = {
    {"binary.entry", "The module exports the function crm_module_entry.",
     "Without it there is nothing to call.", "abi.h, crm_module_entry_fn",
     "Write CRM_CONNECTOR(YourClass) once, at global scope.", exports_entry},
    {"binary.one-symbol", "The module exports nothing else.",
     "Other symbols may be bound to another library's.", "abi.h, crm_module_entry_fn",
     "Use host-sdk/module.map as the version script.", one_symbol},
    {"binary.no-unique", "The module has no GNU_UNIQUE symbol.",
     "Such a symbol is shared between modules and pins the library.", "abi.h, crm_module_entry_fn",
     "Compile with -fno-gnu-unique.", no_unique},
    {"binary.no-text-relocations", "The code needs no relocation.",
     "Relocated code is writable while it loads.", "crm_add_connector", "Compile every part with -fPIC.",
     no_text_relocations},
    {"binary.no-exec-stack", "The module asks for no executable stack.",
     "It would make every stack of the host executable.", "crm_add_connector",
     "Link with -z noexecstack and mark assembler files.", no_executable_stack},
    {"binary.bind-now", "All symbols are bound when it loads.",
     "A lazily bound missing function ends the host at its first call.", "crm_add_connector", kLinkFix,
     bind_now},
    {"binary.relro", "Relocated tables become read-only.", "Writable tables are what exploits overwrite.",
     "crm_add_connector", kLinkFix, relro},
    {"binary.no-static-tls", "Thread-local storage is dynamic.",
     "Static storage is scarce; loading fails once it is used up.", "crm_add_connector",
     "Do not compile with -ftls-model=initial-exec.", no_static_tls},
    {"binary.no-writable-code", "No segment is both writable and executable.",
     "It would undo the host's protection against injected code.", "crm_add_connector",
     "Do not link with -N or --omagic.", no_writable_code},
    {"binary.no-run-path", "Libraries are searched in the system's folders or beside the module only.",
     "Whoever can write to another folder would decide what the host runs.", "crm_add_connector",
     "Link without -rpath, or with $ORIGIN.", no_run_path}};

}  // namespace

Checks file_checks() {
    return kFile;
}
Checks manifest_checks() {
    return kManifest;
}
Checks binary_checks() {
    return kBinary;
}

}  // namespace crm::validator
