// The check that runs a module, in a child process first: what would take the host down takes only that down.
#pragma once

#include <filesystem>

#include "crm/loader.hpp"
#include "file_check.hpp"

namespace crm::detail {

// Throws crm::Error(CRM_INVALID) when the module is refused, CRM_INTERNAL when it could not be probed.
void probe_module(const std::filesystem::path& file, const CheckedModule& module, const LoadOptions& options);

}  // namespace crm::detail
