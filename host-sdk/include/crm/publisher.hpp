// Host side: who may sign modules. A publisher is a name and an Ed25519 key, kept as one line of text:
//   ed25519 <public key, base64> <name>
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace crm {

struct Publisher {
    std::string name;
    std::string key;  // 32 bytes as base64, as LoadOptions::trusted_keys takes it
};

// Throws crm::Error(CRM_INVALID) that says what a line must look like. A weak key is none.
Publisher parse_publisher(std::string_view line);
std::string publisher_line(const Publisher& publisher);

// A file of one such line, which nobody but its owner or root may be able to change.
Publisher read_publisher(const std::filesystem::path& file);

// The first half of the key's SHA-256 in groups of four hex digits, short enough for people to compare.
// Throws crm::Error(CRM_INVALID) when `key` is none.
std::string key_fingerprint(std::string_view key);

}  // namespace crm
