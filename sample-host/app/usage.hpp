// What crm-host says about its own command line.
#pragma once

#include <string>
#include <string_view>

namespace crm::sample {

// Of the commands that begin with `words` ("plugin", "plugin list"), or that `words` go on from ("plugin
// enable metakocka"). Of all of them when there is no such command.
std::string usage_text(std::string_view words = "");

}  // namespace crm::sample
