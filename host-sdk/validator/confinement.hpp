// The kernel's own guard over where this process may write: Landlock.
#pragma once

#include <filesystem>

namespace crm::validator {

// From now on this thread, and those it starts, can create, write, truncate and remove files below `folder`
// only, and write to devices. False when this kernel does not offer that.
bool confine_writes_to(const std::filesystem::path& folder);

}  // namespace crm::validator
