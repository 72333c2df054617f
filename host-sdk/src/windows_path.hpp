// Where an open file really is on Windows.
#pragma once

#include <filesystem>

namespace crm::detail {

// Of a HANDLE, with links followed, in the form that programs use ("C:\\…", not "\\\\?\\C:\\…"); empty when
// the system does not know, as for a device.
std::filesystem::path real_path(void* handle);

}  // namespace crm::detail
