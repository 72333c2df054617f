#pragma once

#include <filesystem>

namespace metakocka::sim {

struct TlsFiles {
    std::filesystem::path certificate;  // the server's, with its chain
    std::filesystem::path key;
    std::filesystem::path authority;  // what a client has to trust; empty when the files were given
};

// Makes a throw-away authority and a server certificate for localhost and 127.0.0.1: ca.pem, server.pem,
// server.key in `folder`. Files already there are used again.
TlsFiles make_tls_files(const std::filesystem::path& folder);

}  // namespace metakocka::sim
