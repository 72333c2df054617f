// From bytes that passed every check of the file to the module's table. Used by the loader and by the probe,
// so that both judge alike. `file` is named in messages only.
#pragma once

#include <boost/dll/shared_library.hpp>
#include <cstdint>
#include <filesystem>

#include "crm/abi.h"

namespace crm::detail {

// Maps the library at `path`. Its constructors run.
boost::dll::shared_library map_library(const std::filesystem::path& file, const std::filesystem::path& path);

// Calls the entry and judges what it answers. `api_major` is what the manifest says.
const crm_connector& find_connector(const std::filesystem::path& file,
                                    const boost::dll::shared_library& library, std::uint32_t api_major);

}  // namespace crm::detail
