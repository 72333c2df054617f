#include "api/wire.hpp"

#include "model/calendar.hpp"
#include "model/decimal.hpp"

namespace metakocka::api {
namespace {

namespace json = boost::json;

const json::value* find(const json::object& object, std::string_view name) {
    const json::value* const found = object.if_contains(json::string_view(name.data(), name.size()));
    return found == nullptr || found->is_null() ? nullptr : found;
}

[[noreturn]] void refuse(std::string_view name, const std::string& what) {
    throw RowProblem(std::string(name) + ": " + what);
}

// The text of a string; empty when there is none. A boolean is not a number or a date.
std::string_view plain(const json::object& object, std::string_view name) {
    const json::value* const value = find(object, name);
    if (value == nullptr) return {};
    if (!value->is_string()) refuse(name, "holds neither a text nor a number");
    const json::string& string = value->get_string();
    return {string.data(), string.size()};
}

}  // namespace

std::string quoted(std::string_view value) {
    constexpr std::size_t kLongest = 40;
    if (value.size() <= kLongest) return "“" + std::string(value) + "”";
    std::size_t end = kLongest;
    while (end > 0 && (static_cast<unsigned char>(value[end]) & 0xC0U) == 0x80U) --end;
    return "“" + std::string(value.substr(0, end)) + "…”";
}

Value text(const json::object& object, std::string_view name) {
    const json::value* const value = find(object, name);
    if (value == nullptr) return std::nullopt;
    if (value->is_bool()) return value->get_bool() ? "true" : "false";
    const std::string_view string = plain(object, name);
    if (string.empty()) return std::nullopt;
    return std::string(string);
}

Value flag(const json::object& object, std::string_view name) {
    const json::value* const value = find(object, name);
    if (value == nullptr) return std::nullopt;
    if (value->is_bool()) return value->get_bool() ? "true" : "false";
    const std::string_view string = plain(object, name);
    if (string.empty()) return std::nullopt;
    if (string == "true" || string == "TRUE" || string == "True" || string == "1") return "true";
    if (string == "false" || string == "FALSE" || string == "False" || string == "0") return "false";
    refuse(name, quoted(string) + " is neither true nor false");
}

Value number(const json::object& object, std::string_view name) {
    const std::string_view string = plain(object, name);
    if (string.empty()) return std::nullopt;
    auto parsed = decimal::parse_wire(string);
    if (!parsed) refuse(name, quoted(string) + " is not a number");
    return parsed;
}

Value date(const json::object& object, std::string_view name) {
    const std::string_view string = plain(object, name);
    if (string.empty()) return std::nullopt;
    auto parsed = calendar::parse_wire(string);
    if (!parsed) refuse(name, quoted(string) + " is not a date");
    return parsed;
}

const json::object* child(const json::object& object, std::string_view name) {
    const json::value* value = find(object, name);
    if (value == nullptr || (value->is_string() && value->get_string().empty())) return nullptr;
    if (value->is_array()) {  // the oddity the other way round: a list where one object belongs
        if (value->get_array().empty()) return nullptr;
        value = &value->get_array().front();
    }
    if (!value->is_object()) refuse(name, "is not an object");
    return &value->get_object();
}

Value scalar_or_null(const json::object& object, std::string_view name) {
    const json::value* const value = find(object, name);
    if (value == nullptr) return std::nullopt;
    if (value->is_bool()) return value->get_bool() ? "true" : "false";
    if (!value->is_string() || value->get_string().empty()) return std::nullopt;
    return std::string(value->get_string().data(), value->get_string().size());
}

ListView::ListView(const json::object& object, std::string_view name) {
    const json::value* const value = find(object, name);
    if (value == nullptr || (value->is_string() && value->get_string().empty())) return;
    if (value->is_array()) {
        first_ = value->get_array().data();
        size_ = value->get_array().size();
    } else if (value->is_object()) {
        first_ = value;
        size_ = 1;
    } else {
        refuse(name, "is not a list");
    }
}

}  // namespace metakocka::api
