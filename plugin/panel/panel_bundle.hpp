// The built panel (npm run build), as the module serves it.
#pragma once

#include <string_view>

namespace metakocka::panel {

// An ES module that defines <metakocka-autosync> and <metakocka-autosync-logs>.
std::string_view script();

}  // namespace metakocka::panel
