#include "crm/publisher.hpp"

#include <algorithm>

#include "base64.hpp"
#include "crypto.hpp"
#include "file_check.hpp"
#include "refuse.hpp"

namespace crm {
namespace {

constexpr std::string_view kKind = "ed25519 ";
constexpr std::size_t kMaxName = 200;
constexpr std::size_t kMaxFile = 1024;

bool is_control(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

// `source` is named in messages.
Publisher parse(std::string_view line, const std::filesystem::path& source) {
    while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.remove_suffix(1);
    const bool is_key = line.starts_with(kKind);
    if (is_key) line.remove_prefix(kKind.size());
    const std::size_t space = std::min(line.find(' '), line.size());
    Publisher publisher{std::string(line.substr(std::min(space + 1, line.size()))),
                        std::string(line.substr(0, space))};
    const auto key = detail::base64_array<32>(publisher.key);
    if (!is_key || !key || publisher.name.empty() || publisher.name.size() > kMaxName ||
        std::ranges::any_of(publisher.name, is_control)) {
        detail::refuse(source,
                       "a publisher's key, one line: ed25519 <32 bytes as base64> <name of 1 to 200 bytes>",
                       "something else", "Get the .pub file again from the publisher");
    }
    if (detail::is_weak_ed25519(*key)) {
        detail::refuse(source, "a publisher's key that only its owner can sign with",
                       "a crafted one, under which a signature proves nothing",
                       "Do not trust it, and ask the publisher for the real one");
    }
    return publisher;
}

}  // namespace

Publisher parse_publisher(std::string_view line) {
    return parse(line, "the publisher's key");
}

std::string publisher_line(const Publisher& publisher) {
    std::string line(kKind);
    line.append(publisher.key).append(" ").append(publisher.name).append("\n");
    return line;
}

Publisher read_publisher(const std::filesystem::path& file) {
    return parse(detail::read_trusted_text(file, "publisher key", kMaxFile), file);
}

std::string key_fingerprint(std::string_view key) {
    const auto bytes = detail::base64_array<32>(key);
    if (!bytes) {
        detail::refuse("the publisher's key", "32 bytes as base64", "something else",
                       "Give the key as it stands in the .pub file");
    }
    const std::string digest = detail::sha256_hex(*bytes);
    std::string out;
    for (std::size_t at = 0; at < 32; at += 4) {
        if (at != 0) out.push_back(' ');
        out.append(digest, at, 4);
    }
    return out;
}

}  // namespace crm
