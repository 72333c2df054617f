#include "crm/manifest.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include "crm/error.hpp"
#include "manifest_file.hpp"
#include "strict_json.hpp"
#include "trusted_file.hpp"
#include "unicode.hpp"

namespace crm {
namespace {

namespace json = boost::json;

constexpr std::uint64_t kMaxApiNumber = 65535;
constexpr const char* kPlain = " bytes without control and direction characters";

constexpr const char* kRemedy = ". Correct it, or get the manifest that came with the module.";

[[noreturn]] void no_manifest(std::string_view expected, std::string_view found) {
    std::string text = "the manifest is wrong: expected ";
    text.append(expected).append("; found ").append(found).append(kRemedy);
    throw Error(CRM_INVALID, text);
}

[[noreturn]] void wrong(std::string_view member, std::string_view expected, std::string_view found) {
    std::string text = "the manifest's member \"";
    text.append(member).append("\" is wrong: expected ").append(expected);
    text.append("; found ").append(found).append(kRemedy);
    throw Error(CRM_INVALID, text);
}

const json::value& member(const json::object& object, std::string_view name, std::string_view path) {
    const json::value* const value = object.if_contains(name);
    if (value == nullptr) wrong(path, "a value", "nothing");
    return *value;
}

// What was found, short enough for one line.
std::string shown(const json::value& value) {
    std::string text = json::serialize(value);
    if (text.size() > 100) text = "a value of " + std::to_string(text.size()) + " characters";
    return text;
}

std::string text_member(const json::object& object, std::string_view name, std::size_t max_size,
                        bool (*valid)(std::string_view), std::string_view expected) {
    const json::value& value = member(object, name, name);
    const json::string* const text = value.if_string();
    if (text == nullptr || text->size() > max_size || !valid(*text)) wrong(name, expected, shown(value));
    return {text->data(), text->size()};
}

std::uint32_t number_member(const json::object& object, std::string_view name, std::string_view path,
                            std::uint64_t min) {
    const json::value& value = member(object, name, path);
    const std::int64_t* const number = value.if_int64();
    if (number == nullptr || *number < static_cast<std::int64_t>(min) ||
        *number > static_cast<std::int64_t>(kMaxApiNumber)) {
        wrong(path, "a whole number from " + std::to_string(min) + " to " + std::to_string(kMaxApiNumber),
              shown(value));
    }
    return static_cast<std::uint32_t>(*number);
}

// The locale has no say in what a letter is.
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_lower(char c) {
    return c >= 'a' && c <= 'z';
}
bool is_letter(char c) {
    return is_lower(c) || (c >= 'A' && c <= 'Z');
}

bool is_id(std::string_view text) {
    const auto allowed = [](char c) { return is_lower(c) || is_digit(c) || c == '-'; };
    return !text.empty() && text.front() != '-' && text.back() != '-' && std::ranges::all_of(text, allowed);
}

bool is_file_name(std::string_view text) {
    const auto allowed = [](char c) {
        return is_letter(c) || is_digit(c) || c == '.' || c == '_' || c == '-';
    };
    return !text.empty() && text.front() != '.' && text.front() != '-' &&
           std::ranges::all_of(text, allowed) &&
           (text.ends_with(".so") || text.ends_with(".dll") || text.ends_with(".dylib"));
}

bool is_digest(std::string_view text) {
    return text.size() == 64 &&
           std::ranges::all_of(text, [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); });
}

bool is_version(std::string_view text) {
    for (int part = 0; part < 3; ++part) {
        const auto end = std::ranges::find_if_not(text, is_digit);
        const auto length = static_cast<std::size_t>(end - text.begin());
        if (length == 0 || length > 9 || (length > 1 && text.front() == '0')) return false;
        text.remove_prefix(length);
        if (part == 2) break;
        if (!text.starts_with('.')) return false;
        text.remove_prefix(1);
    }
    if (text.empty()) return true;
    const auto allowed = [](char c) {
        return is_letter(c) || is_digit(c) || c == '.' || c == '-' || c == '+';
    };
    return text.size() > 1 && (text.front() == '-' || text.front() == '+') &&
           std::ranges::all_of(text, allowed);
}

bool is_name(std::string_view text) {
    return !text.empty() && detail::is_plain(text);
}

std::string optional_text(const json::object& object, std::string_view name, std::size_t max_size) {
    if (!object.contains(name)) return {};
    return text_member(object, name, max_size, detail::is_plain,
                       "text of at most " + std::to_string(max_size) + kPlain);
}

}  // namespace

Manifest parse_manifest(std::string_view text) {
    if (text.size() > detail::kMaxManifest) {
        no_manifest("a manifest of at most 64 KiB", std::to_string(text.size()) + " bytes");
    }
    const json::value root = detail::parse_strict(text);
    const json::object* const object = root.if_object();
    if (object == nullptr) no_manifest("a JSON object", shown(root));

    Manifest manifest;
    manifest.id = text_member(*object, "id", 64, is_id,
                              "1 to 64 lower-case letters, digits and '-', with none at the ends");
    manifest.name = text_member(*object, "name", 200, is_name, std::string("a name of 1 to 200") + kPlain);
    manifest.version = text_member(*object, "version", 64, is_version, "a semantic version such as 1.2.3");
    manifest.file =
        text_member(*object, "file", 255, is_file_name, "the name of the module file, without a path");
    manifest.sha256 = text_member(*object, "sha256", 64, is_digest, "64 lower-case hex digits");
    const json::value& api = member(*object, "api", "api");
    if (!api.is_object()) wrong("api", "an object with major and minor", shown(api));
    manifest.api_major = number_member(api.get_object(), "major", "api.major", 1);
    manifest.api_minor = number_member(api.get_object(), "minor", "api.minor", 0);
    manifest.description = optional_text(*object, "description", 2000);
    manifest.publisher = optional_text(*object, "publisher", 200);
    return manifest;
}

namespace detail {

std::string read_manifest_text(const std::filesystem::path& file) {
    return read_trusted_text(file, "manifest", kMaxManifest);
}

Manifest parse_manifest_of(const std::filesystem::path& file, std::string_view text) {
    try {
        return parse_manifest(text);
    } catch (const Error& failure) {
        throw Error(failure.code(), file.string() + " was refused: " + failure.what());
    }
}

}  // namespace detail

Manifest read_manifest(const std::filesystem::path& file) {
    return detail::parse_manifest_of(file, detail::read_manifest_text(file));
}

}  // namespace crm
