#include "request.hpp"

#include <charconv>

namespace metakocka::sim {

namespace json = boost::json;

std::string text_of(const json::value& value) {
    if (value.is_null()) return {};
    if (value.is_string()) return std::string(value.get_string());
    if (const auto* number = value.if_double()) {
        // The shortest text of the number; json::serialize would write 7.5 as 7.5E0.
        char text[400];
        const auto end = std::to_chars(text, text + sizeof text, *number, std::chars_format::fixed).ptr;
        return std::string(text, end);
    }
    return json::serialize(value);
}

std::string Fields::text(std::string_view name) const {
    const auto* value = object_->if_contains(name);
    return value == nullptr ? std::string() : text_of(*value);
}

std::string Fields::required(std::string_view name) const {
    auto value = text(name);
    if (value.empty()) throw ApiError("2", "Parameter '" + std::string(name) + "' is missing.");
    return value;
}

std::optional<bool> Fields::flag(std::string_view name) const {
    const auto value = text(name);
    if (value.empty()) return std::nullopt;
    if (value == "true" || value == "1") return true;
    if (value == "false" || value == "0") return false;
    throw ApiError("2", "Parameter '" + std::string(name) + "' is not a boolean: " + value);
}

std::optional<Decimal> Fields::decimal(std::string_view name) const {
    const auto value = text(name);
    if (value.empty()) return std::nullopt;
    const auto result = Decimal::parse(value);
    if (!result) throw ApiError("2", "Parameter '" + std::string(name) + "' is not a number: " + value);
    return result;
}

void Fields::at_most(std::string_view name, std::size_t characters) const {
    std::size_t length = 0;
    for (const char c : text(name)) {
        const auto byte = static_cast<unsigned char>(c);
        if ((byte & 0xC0U) != 0x80U) length += byte >= 0xF0U ? 2 : 1;
    }
    if (length <= characters) return;
    throw ApiError("2", "Parameter '" + std::string(name) + "' is too long (max " +
                            std::to_string(characters) + " characters).");
}

std::optional<MkId> Fields::id(std::string_view name) const {
    const auto value = text(name);
    if (value.empty()) return std::nullopt;
    MkId id = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), id);
    if (error != std::errc() || end != value.data() + value.size()) {
        throw ApiError("2", "Parameter '" + std::string(name) + "' is not an id: " + value);
    }
    return id;
}

std::size_t Fields::size(std::string_view name, std::size_t fallback) const {
    const auto value = text(name);
    if (value.empty()) return fallback;
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (error != std::errc() || end != value.data() + value.size()) {
        throw ApiError("2", "Parameter '" + std::string(name) + "' is not a number: " + value);
    }
    return number;
}

std::vector<Fields> Fields::list(std::string_view name) const {
    std::vector<Fields> result;
    const auto* value = object_->if_contains(name);
    if (value == nullptr) return result;
    if (const auto* one = value->if_object()) result.emplace_back(*one);
    if (const auto* many = value->if_array()) {
        for (const auto& element : *many) {
            if (const auto* entry = element.if_object()) result.emplace_back(*entry);
        }
    }
    return result;
}

std::optional<Fields> Fields::object(std::string_view name) const {
    const auto* value = object_->if_contains(name);
    if (value == nullptr || !value->is_object()) return std::nullopt;
    return Fields(value->get_object());
}

std::vector<std::string> split(std::string_view text, char separator) {
    std::vector<std::string> parts;
    while (!text.empty()) {
        const auto end = text.find(separator);
        std::string_view part = text.substr(0, end);
        while (part.starts_with(' ')) part.remove_prefix(1);
        while (part.ends_with(' ')) part.remove_suffix(1);
        if (!part.empty()) parts.emplace_back(part);
        if (end == std::string_view::npos) break;
        text.remove_prefix(end + 1);
    }
    return parts;
}

std::string folded(std::string_view text) {
    std::string result(text);
    for (std::size_t i = 0; i < result.size(); ++i) {
        const auto byte = static_cast<unsigned char>(result[i]);
        if (byte >= 'A' && byte <= 'Z') result[i] = static_cast<char>(byte + 32);
        // Č Ć Š Ž Đ are 0xC4/0xC5 followed by an even or odd byte whose small letter is the next one.
        if (i + 1 == result.size()) continue;
        const auto next = static_cast<unsigned char>(result[i + 1]);
        const bool capital = (byte == 0xC4 && (next == 0x8C || next == 0x86 || next == 0x90)) ||
                             (byte == 0xC5 && (next == 0xA0 || next == 0xBD));
        if (capital) result[i + 1] = static_cast<char>(next + 1);
    }
    return result;
}

bool contains_folded(std::string_view text, std::string_view folded_part) {
    return folded(text).find(folded_part) != std::string::npos;
}

}  // namespace metakocka::sim
