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

[[noreturn]] void wrong() {
    throw Error(CRM_INVALID,
                "a publisher's key is one line: ed25519 <32 bytes as base64> <name of at most 200 bytes>");
}

bool is_control(char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

}  // namespace

Publisher parse_publisher(std::string_view line) {
    while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.remove_suffix(1);
    if (!line.starts_with(kKind)) wrong();
    line.remove_prefix(kKind.size());
    const std::size_t space = std::min(line.find(' '), line.size());
    Publisher publisher{std::string(line.substr(std::min(space + 1, line.size()))),
                        std::string(line.substr(0, space))};
    if (!detail::base64_array<32>(publisher.key) || publisher.name.empty() ||
        publisher.name.size() > kMaxName || std::ranges::any_of(publisher.name, is_control)) {
        wrong();
    }
    return publisher;
}

std::string publisher_line(const Publisher& publisher) {
    std::string line(kKind);
    line.append(publisher.key).append(" ").append(publisher.name).append("\n");
    return line;
}

Publisher read_publisher(const std::filesystem::path& file) {
    const std::string text = detail::read_trusted_text(file, "publisher key", kMaxFile);
    try {
        return parse_publisher(text);
    } catch (const Error& failure) {
        detail::refuse(file, "a publisher's key", failure.what(),
                       "Get the .pub file again from the publisher");
    }
}

std::string key_fingerprint(std::string_view key) {
    const auto bytes = detail::base64_array<32>(key);
    if (!bytes) wrong();
    const std::string digest = detail::sha256_hex(*bytes);
    std::string out;
    for (std::size_t at = 0; at < 32; at += 4) {
        if (at != 0) out.push_back(' ');
        out.append(digest, at, 4);
    }
    return out;
}

}  // namespace crm
