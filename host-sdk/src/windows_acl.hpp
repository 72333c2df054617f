// Who may change a file on Windows: its owner and its access list, judged as the mode bits are on Linux.
#pragma once

#include <filesystem>
#include <string>

namespace crm::detail {

// `handle` (a HANDLE opened with READ_CONTROL) is a file or a folder; `what` says in messages which: "a
// module file", "a folder". Throws crm::Error(CRM_INVALID) unless it belongs to the user who runs the host,
// to the administrators or to the system, and nobody else may change, replace or give it away.
void check_access(const std::filesystem::path& path, const std::string& what, void* handle);

}  // namespace crm::detail
