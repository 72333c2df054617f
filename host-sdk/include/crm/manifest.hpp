// The manifest that lies beside a module file and says what the host may expect of it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace crm {

struct Manifest {
    std::string id;           // letters, digits and '-'; also the path segment of the routes
    std::string name;         // for people
    std::string version;      // semantic version of the module
    std::string file;         // name of the module file in the same folder; no path
    std::string sha256;       // 64 lower-case hex digits of that file
    std::uint32_t api_major;  // CRM_ABI_MAJOR it was built for
    std::uint32_t api_minor;
    std::string description;
    std::string publisher;  // what the module says of itself; signed_by is what is known
    // The trusted publisher's key, base64. Set by the loader; empty when nobody trusted signed it.
    std::string signed_by;
};

// Throws crm::Error(CRM_INVALID) that names the member and what is wrong with it.
// Unknown members are ignored, so that newer manifests still load. At most 64 KiB.
Manifest parse_manifest(std::string_view json);

// Reads and parses the file; throws crm::Error when it is missing, too large or wrong.
Manifest read_manifest(const std::filesystem::path& file);

}  // namespace crm
