#pragma once

#include <optional>
#include <string>

#include "erp.hpp"
#include "http_server.hpp"

namespace metakocka::sim {

struct Options {
    ErpSettings erp;
    ListenAddress listen;
    std::optional<ListenAddress> admin;
    std::string tls_certificate, tls_key, tls_dir;
    bool help = false;
};

// Throws std::invalid_argument with a text for the user.
Options parse_options(int argc, char** argv);
std::string usage();

}  // namespace metakocka::sim
