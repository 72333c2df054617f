// crm-module-probe --try FILE ID API-MAJOR DESCRIPTOR SIZE
// For hosts in other languages: the whole trial that crm::load_module makes, of the module's bytes in an open
// file. Ends with 0 when the module may be loaded, 1 when it is refused, 3 when it could not be tried out;
// the text is on standard error.
#pragma once

#include <string>
#include <vector>

namespace crm::probe {

bool is_trial(const std::vector<std::string>& words);
int try_module(const std::vector<std::string>& words);

}  // namespace crm::probe
