// Whether a file may be trusted as far as its place, owner and permissions go.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "sealed_file.hpp"

namespace crm::detail {

struct OpenFile {
    Descriptor descriptor;
    std::uint64_t size;
};

// Opens `file` for reading when it is a regular file that really lies in its folder, belongs to the user who
// runs the host or to root, and can be changed by nobody else. Throws crm::Error(CRM_INVALID).
// `kind` says in messages what it is: "module file", "manifest".
OpenFile open_trusted(const std::filesystem::path& file, const std::string& kind);

// Opens whatever regular file `file` leads to, whoever owns it. Throws crm::Error(CRM_INVALID).
OpenFile open_regular(const std::filesystem::path& file, const std::string& kind);

// The whole of a file that open_trusted lets pass.
std::string read_trusted_text(const std::filesystem::path& file, const std::string& kind,
                              std::size_t largest);

}  // namespace crm::detail
