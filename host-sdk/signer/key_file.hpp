// A publisher's private key: one line, "ed25519-private <seed, base64> <name>", for its owner's eyes only.
#pragma once

#include <filesystem>

#include "crm/publisher.hpp"
#include "crypto.hpp"

namespace crm::signer {

struct SigningKey {
    std::string name;
    detail::Ed25519Key seed;

    Publisher publisher() const;
};

// Throws crm::Error(CRM_INVALID), also when others can read the file.
SigningKey read_key(const std::filesystem::path& file);
SigningKey make_key(const std::filesystem::path& file, const std::string& name);

}  // namespace crm::signer
