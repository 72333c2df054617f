#include "file_check.hpp"

#include <system_error>

#include "crypto.hpp"
#include "image_check.hpp"
#include "manifest_file.hpp"
#include "refuse.hpp"
#include "signature.hpp"

namespace crm::detail {
namespace {

namespace fs = std::filesystem;

// A folder with more manifests than this is no plugins folder.
constexpr int kMaxManifests = 1000;

void check_size(const fs::path& file, std::uint64_t size) {
    if (size < kMinModuleSize) {
        refuse(file, "a module file of at least 4 KiB", std::to_string(size) + " bytes",
               "The file was cut short or damaged: copy it again");
    }
    if (size > kMaxModuleSize) {
        refuse(file, "a module file of at most 128 MiB", std::to_string(size) + " bytes",
               "Build it without debug information");
    }
}

Manifest read_signed_manifest(const fs::path& file, const LoadOptions& options) {
    const std::string text = read_manifest_text(file);
    Manifest manifest = parse_manifest_of(file, text);
    manifest.signed_by = check_signature(file, text, options.trusted_keys, options.allow_unsigned);
    return manifest;
}

void check_manifest(const fs::path& file, const Manifest& manifest) {
    if (manifest.file != file.filename().string()) {
        refuse(file, "the module file that its manifest names, " + manifest.file, file.filename().string(),
               "Give the file its own name back, or put the right manifest beside it");
    }
    if (manifest.api_major != CRM_ABI_MAJOR) {
        refuse(file, "a module for API version " + std::to_string(CRM_ABI_MAJOR),
               "version " + std::to_string(manifest.api_major) + "." + std::to_string(manifest.api_minor) +
                   " in its manifest",
               manifest.api_major > CRM_ABI_MAJOR ? "Update this host, or get an older module"
                                                  : "Get a newer module");
    }
}

// Two modules of one id would share settings, routes and files, and nothing says which one is meant: neither
// is loaded. A manifest that can't be read is no rival.
void check_only_one(const fs::path& file, const fs::path& own_manifest, const Manifest& manifest) {
    std::error_code error;
    int seen = 0;
    for (const auto& item : fs::directory_iterator(own_manifest.parent_path(), error)) {
        if (item.path().extension() != ".json" || item.path().filename() == own_manifest.filename()) continue;
        if (++seen > kMaxManifests) break;
        try {
            if (read_manifest(item.path()).id != manifest.id) continue;
        } catch (const Error&) {
            continue;
        }
        refuse(file, "one module with the id " + manifest.id + " in the folder",
               "another manifest with it, " + item.path().filename().string(),
               "Remove one of the two modules and its manifest");
    }
}

}  // namespace

CheckedModule check_module(const fs::path& named, const LoadOptions& options) {
    const fs::path file = fs::absolute(named);
    const OpenFile opened = open_trusted(file, "module file");
    check_size(file, opened.size);
    fs::path manifest_file = file;
    manifest_file.replace_extension(".json");
    if (std::error_code error; fs::symlink_status(manifest_file, error).type() == fs::file_type::not_found) {
        refuse(file, "its manifest beside it, " + manifest_file.filename().string(), "none",
               "Copy the manifest that came with the module there, readable by the host");
    }
    Manifest manifest = read_signed_manifest(manifest_file, options);
    check_manifest(file, manifest);

    SealedFile bytes(opened.descriptor.get(), static_cast<std::size_t>(opened.size), file);
    check_image(file, bytes.bytes());
    const std::string digest = sha256_hex(bytes.bytes());
    if (digest != manifest.sha256) {
        refuse(file, "SHA-256 " + manifest.sha256 + " as its manifest says", digest,
               "The file and its manifest do not belong together: copy both again from the same release");
    }
    check_only_one(file, manifest_file, manifest);
    return {std::move(manifest), std::move(bytes)};
}

}  // namespace crm::detail
