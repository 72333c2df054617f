#include "model/lines.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include <boost/json.hpp>

#include "model/decimal.hpp"

namespace metakocka {
namespace {

namespace json = boost::json;

struct Member {
    std::string_view name;
    Value InvoiceLine::*value;
    bool is_decimal;
};

constexpr std::array<Member, 8> kMembers{{{"productId", &InvoiceLine::product_id, false},
                                          {"code", &InvoiceLine::code, false},
                                          {"name", &InvoiceLine::name, false},
                                          {"quantity", &InvoiceLine::quantity, true},
                                          {"unit", &InvoiceLine::unit, false},
                                          {"price", &InvoiceLine::price, true},
                                          {"discount", &InvoiceLine::discount, true},
                                          {"taxRate", &InvoiceLine::tax_rate, true}}};

void append_quoted(std::string& out, std::string_view text) {
    const bool plain =
        text.find_first_of("\"\\") == std::string_view::npos &&
        std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x20; });
    if (plain) {
        out += '"';
        out += text;
        out += '"';
    } else {
        out += json::serialize(json::string_view(text.data(), text.size()));
    }
}

Value read(const json::object& line, const Member& member) {
    const json::value* const found = line.if_contains(member.name);
    if (found == nullptr || found->is_null()) return std::nullopt;
    if (!found->is_string())
        throw std::invalid_argument("lines: " + std::string(member.name) + " is not a text");
    const std::string_view text = found->get_string();
    if (text.empty()) return std::nullopt;
    if (!member.is_decimal) return std::string(text);
    auto number = decimal::parse_plain(text);
    if (!number) throw std::invalid_argument("lines: " + std::string(member.name) + " is not a number");
    return number;
}

}  // namespace

std::string to_text(const std::vector<InvoiceLine>& lines) {
    std::string out = "[";
    for (const InvoiceLine& line : lines) {
        out += out.size() > 1 ? ",{" : "{";
        for (const Member& member : kMembers) {
            if (out.back() != '{') out += ',';
            out += '"';
            out += member.name;
            out += "\":";
            const Value& value = line.*member.value;
            if (value) {
                append_quoted(out, *value);
            } else {
                out += "null";
            }
        }
        out += '}';
    }
    out += ']';
    return out;
}

std::vector<InvoiceLine> parse_lines(const json::array& array) {
    std::vector<InvoiceLine> lines;
    lines.reserve(array.size());
    for (const json::value& item : array) {
        if (!item.is_object()) throw std::invalid_argument("lines: an element is not an object");
        InvoiceLine& line = lines.emplace_back();
        for (const Member& member : kMembers) line.*member.value = read(item.get_object(), member);
    }
    return lines;
}

std::vector<InvoiceLine> parse_lines(std::string_view text) {
    json::error_code error;
    const json::value value = json::parse(json::string_view(text.data(), text.size()), error);
    if (error || !value.is_array()) throw std::invalid_argument("lines: not a JSON array");
    return parse_lines(value.get_array());
}

}  // namespace metakocka
