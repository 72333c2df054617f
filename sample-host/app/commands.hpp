// `crm-host token` and `crm-host plugin`.
#pragma once

#include "app/options.hpp"
#include "plugins/load_policy.hpp"

namespace crm::sample {

int make_token(const Options& options);
int manage_plugins(const Options& options);

// Which modules the options allow.
LoadPolicy load_policy(const Options& options);

}  // namespace crm::sample
