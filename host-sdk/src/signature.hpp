// A manifest's signature: {"algorithm": "ed25519", "key": <base64>, "value": <base64>} over the manifest
// without it. The Python binding (crm_host/manifest.py) verifies the same bytes.
#pragma once

#include <boost/json/object.hpp>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "crypto.hpp"

namespace crm::detail {

// What is signed: a fixed first line, then the manifest without its signature as RFC 8785 canonical JSON.
// Throws crm::Error(CRM_INVALID) when it holds a number that is not whole or not below 2^53.
std::string signed_text(const boost::json::object& manifest);

// The manifest with a signature, in place of the one it may have.
boost::json::object sign_manifest(boost::json::object manifest, const Ed25519Key& seed);

// The key, base64, that signed the manifest `text` when it is one of `trusted`; "" when none of them did and
// `allow_unsigned`. Everything else is refused, a wrong signature under a trusted key always. `file` is named
// in messages.
std::string check_signature(const std::filesystem::path& file, std::string_view text,
                            std::span<const std::string> trusted, bool allow_unsigned);

}  // namespace crm::detail
