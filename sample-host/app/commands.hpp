// `crm-host token` and `crm-host plugin`.
#pragma once

#include "app/options.hpp"

namespace crm::sample {

int make_token(const Options& options);
int manage_plugins(const Options& options);

}  // namespace crm::sample
