// All checks there are, in the order they are shown.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "check.hpp"

namespace crm::validator {

const std::vector<Check>& all_checks();

// The checks a name or a group ("http", "http.") means; empty when there is none.
std::vector<Check> select(std::string_view name);

// Each file in checks/ gives its own.
Checks file_checks();
Checks manifest_checks();
Checks binary_checks();
Checks entry_checks();
Checks create_checks();
Checks describe_checks();
Checks sink_checks();
Checks run_checks();
Checks stopping_checks();
Checks thread_checks();
Checks process_checks();
Checks files_checks();
Checks http_checks();
Checks settings_checks();
Checks service_checks();

}  // namespace crm::validator
