// What the ERP refuses by itself, told before anything is sent.
#pragma once

#include <string>

#include "model/record.hpp"

namespace metakocka::sync {

// What is wrong with it, with the field and the limit; "" when nothing is.
std::string beyond_limits(const Record& wanted, bool is_new);

}  // namespace metakocka::sync
