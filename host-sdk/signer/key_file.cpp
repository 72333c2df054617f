#include "key_file.hpp"

#include "base64.hpp"
#include "crm/error.hpp"
#include "refuse.hpp"
#include "trusted_file.hpp"
#include "written_file.hpp"

namespace crm::signer {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kKind = "ed25519-private ";
constexpr std::size_t kMaxFile = 1024;

}  // namespace

Publisher SigningKey::publisher() const {
    return {name, detail::base64_encode(detail::ed25519_public_key(seed))};
}

SigningKey read_key(const fs::path& file) {
    const std::string text = detail::read_trusted_text(file, "private key", kMaxFile);
    constexpr fs::perms kOthers = fs::perms::group_all | fs::perms::others_all;
    if ((fs::status(file).permissions() & kOthers) != fs::perms::none) {
        detail::refuse(file, "a private key that only its owner can read", "one that others can read too",
                       "Run chmod 600 on it, and make a new key if others had access");
    }
    // Read as if it were a public one: 32 bytes and a name likewise.
    try {
        if (text.starts_with(kKind)) {
            const Publisher parsed = parse_publisher("ed25519 " + text.substr(kKind.size()));
            if (const auto seed = detail::base64_array<32>(parsed.key)) return {parsed.name, *seed};
        }
    } catch (const Error&) {  // told below, about this file
    }
    detail::refuse(file, "a private key made by crm-sign-manifest keygen", "another file",
                   "Name the key file, not the .pub file");
}

SigningKey make_key(const fs::path& file, const std::string& name) {
    const SigningKey key{name, detail::new_ed25519_seed()};
    try {
        parse_publisher(publisher_line(key.publisher()));
    } catch (const Error&) {
        detail::refuse(file, "a publisher's name of 1 to 200 bytes without control characters", "another",
                       "Give another --name");
    }
    write_file(file, std::string(kKind) + detail::base64_encode(key.seed) + " " + name + "\n",
               Readers::kOwner);
    return key;
}

}  // namespace crm::signer
