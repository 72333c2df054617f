#include "signature.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <optional>
#include <vector>

#include "base64.hpp"
#include "crm/error.hpp"
#include "crm/publisher.hpp"
#include "refuse.hpp"
#include "unicode.hpp"

namespace crm::detail {
namespace {

namespace json = boost::json;

constexpr std::string_view kFirstLine = "crm-connector-manifest/1\n";
constexpr std::int64_t kLargestNumber = (std::int64_t{1} << 53) - 1;

void append_quoted(std::string& out, std::string_view text) {
    static constexpr char kHex[] = "0123456789abcdef";
    out.push_back('"');
    for (const char c : text) {
        static constexpr std::string_view kNamed = "\b\f\n\r\t\"\\";
        const std::size_t named = kNamed.find(c);
        const auto byte = static_cast<unsigned char>(c);
        if (named != std::string_view::npos) {
            out.push_back('\\');
            out.push_back("bfnrt\"\\"[named]);
        } else if (byte < 0x20) {
            out += "\\u00";
            out.push_back(kHex[byte >> 4]);
            out.push_back(kHex[byte & 15]);
        } else {
            out.push_back(c);
        }
    }
    out.push_back('"');
}

void append(std::string& out, const json::value& value);

void append(std::string& out, const json::object& object) {
    // The order RFC 8785 asks for. UTF-8 sorts by code point, which differs beyond U+FFFF: those code points
    // are pairs of surrogates in UTF-16 and come before U+E000.
    std::vector<std::pair<std::u16string, const json::key_value_pair*>> members;
    for (const auto& member : object) members.emplace_back(utf16(member.key()), &member);
    std::ranges::sort(members, {}, [](const auto& member) { return member.first; });
    out.push_back('{');
    for (const auto& [order, member] : members) {
        if (out.back() != '{') out.push_back(',');
        append_quoted(out, {member->key().data(), member->key().size()});
        out.push_back(':');
        append(out, member->value());
    }
    out.push_back('}');
}

void append(std::string& out, const json::array& array) {
    out.push_back('[');
    for (const json::value& item : array) {
        if (out.back() != '[') out.push_back(',');
        append(out, item);
    }
    out.push_back(']');
}

void append(std::string& out, const json::value& value) {
    switch (value.kind()) {
        case json::kind::object:
            return append(out, value.get_object());
        case json::kind::array:
            return append(out, value.get_array());
        case json::kind::string:
            return append_quoted(out, {value.get_string().data(), value.get_string().size()});
        case json::kind::bool_:
            out += value.get_bool() ? "true" : "false";
            return;
        case json::kind::null:
            out += "null";
            return;
        case json::kind::int64:
            if (value.get_int64() >= -kLargestNumber && value.get_int64() <= kLargestNumber) {
                out += std::to_string(value.get_int64());
                return;
            }
            break;
        case json::kind::uint64:
        case json::kind::double_:
            break;
    }
    throw Error(CRM_INVALID,
                "a manifest that is signed was refused: expected whole numbers below 2^53; found " +
                    json::serialize(value) + ". Write other numbers as text.");
}

[[noreturn]] void wrong(const std::filesystem::path& file, std::string_view member, std::string_view expected,
                        const json::value* found) {
    std::string shown = found == nullptr ? "nothing" : json::serialize(*found);
    if (shown.size() > 100) shown = "a value of " + std::to_string(shown.size()) + " characters";
    refuse(file, std::string(expected) + " as the manifest's member \"" + std::string(member) + '"', shown,
           "Get the manifest that came with the module, or have it signed again");
}

template <std::size_t Size>
std::array<std::byte, Size> decoded(const std::filesystem::path& file, const json::object& signature,
                                    const char* name) {
    const json::value* const value = signature.if_contains(name);
    if (value != nullptr && value->is_string()) {
        const auto& text = value->get_string();
        if (const auto bytes = base64_array<Size>({text.data(), text.size()})) return *bytes;
    }
    wrong(file, std::string("signature.") + name, std::to_string(Size) + " bytes as base64", value);
}

bool is_valid(const Ed25519Key& key, const Ed25519Signature& value, const json::object& manifest) {
    try {
        return verify_ed25519(key, value, signed_text(manifest));
    } catch (const Error&) {
        return false;  // what can't be signed has no valid signature
    }
}

}  // namespace

std::string signed_text(const json::object& manifest) {
    json::object unsigned_manifest = manifest;
    unsigned_manifest.erase("signature");
    std::string out(kFirstLine);
    append(out, unsigned_manifest);
    return out;
}

json::object sign_manifest(json::object manifest, const Ed25519Key& seed) {
    const auto value = sign_ed25519(seed, signed_text(manifest));
    manifest["signature"] = {{"algorithm", "ed25519"},
                             {"key", base64_encode(ed25519_public_key(seed))},
                             {"value", base64_encode(value)}};
    return manifest;
}

std::string check_signature(const std::filesystem::path& file, std::string_view text,
                            std::span<const std::string> trusted, bool allow_unsigned) {
    const json::value root = json::parse(json::string_view(text.data(), text.size()));
    const json::object& manifest = root.as_object();
    const json::value* const signature = manifest.if_contains("signature");
    if (signature == nullptr || signature->is_null()) {
        if (allow_unsigned) return "";
        refuse(file, "a manifest signed by a publisher you trust", "an unsigned one",
               "Get a signed release, or allow unsigned modules if you know where it comes from");
    }
    const json::object* const parts = signature->if_object();
    const json::value* const algorithm = parts == nullptr ? nullptr : parts->if_contains("algorithm");
    if (algorithm == nullptr || *algorithm != "ed25519") {
        wrong(file, "signature", R"(an object with "algorithm": "ed25519")", signature);
    }
    const auto key = decoded<32>(file, *parts, "key");
    const auto value = decoded<64>(file, *parts, "value");
    const std::string shown = base64_encode(key);
    // Whoever made it, and whatever is allowed: a manifest that was changed afterwards is nobody's.
    if (!is_valid(key, value, manifest)) {
        refuse(file, "a signature that fits the manifest", "one by the key " + shown + " that does not",
               "The manifest was changed after it was signed: copy it again from the release");
    }
    const auto is_key = [&](const std::string& candidate) { return base64_array<32>(candidate) == key; };
    if (std::ranges::none_of(trusted, is_key)) {
        if (allow_unsigned) return "";
        refuse(file, "a signature by a publisher you trust",
               "one by the key " + shown + " (fingerprint " + key_fingerprint(shown) + ")",
               "Compare the fingerprint with the publisher's, then trust the key");
    }
    return shown;
}

}  // namespace crm::detail
