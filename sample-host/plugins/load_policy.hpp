// What this host loads.
#pragma once

#include "crm/loader.hpp"
#include "plugins/publishers.hpp"

namespace crm::sample {

struct LoadPolicy {
    Publishers publishers;
    bool allow_unsigned = false;  // --allow-unsigned

    // Reads the keys anew, because the command line changes them under a running host.
    LoadOptions options() const {
        LoadOptions options;
        for (const Publisher& publisher : publishers.trusted()) options.trusted_keys.push_back(publisher.key);
        options.allow_unsigned = allow_unsigned;
        return options;
    }
};

}  // namespace crm::sample
