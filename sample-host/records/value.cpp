#include "records/value.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <charconv>

#include "util/json_text.hpp"
#include "util/time_text.hpp"

namespace crm::sample {
namespace {

constexpr std::size_t kMaxLines = 10000;
constexpr std::size_t kMaxDecimalLength = 64;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_decimal(std::string_view text) {
    if (!text.empty() && text[0] == '-') text.remove_prefix(1);
    if (text.empty() || text.size() > kMaxDecimalLength || !is_digit(text[0])) return false;
    std::size_t i = 0;
    while (i < text.size() && is_digit(text[i])) ++i;
    if (i == text.size()) return true;
    if (text[i] != '.' || i + 1 == text.size()) return false;
    for (++i; i < text.size(); ++i) {
        if (!is_digit(text[i])) return false;
    }
    return true;
}

Value complain(ReadContext& context, const std::string& path, std::string message) {
    context.errors.push_back({path, std::move(message)});
    return {};
}

Value read_reference(const Field& field, std::string_view text, const std::string& path,
                     ReadContext& context) {
    const std::int64_t id = parse_id(text);
    if (id < 0 || !context.references.exists(field.target, id)) {
        return complain(context, path, "no record of " + std::string(field.target) + " has this id");
    }
    return id;
}

void append_value(std::string& out, const Value& value, FieldType type) {
    if (const auto* text = std::get_if<std::string_view>(&value)) {
        append_json_string(out, *text);
    } else if (const auto* number = std::get_if<std::int64_t>(&value); number != nullptr) {
        if (type == FieldType::kBool) {
            out += *number != 0 ? "true" : "false";
        } else {
            append_json_string(out, std::to_string(*number));
        }
    } else {
        out += "null";
    }
}

// Always all members in the same order, so that equal lines are equal text.
void append_line(std::string& out, const boost::json::object& line, const std::string& path,
                 ReadContext& context) {
    std::size_t known = 0;
    out.push_back('{');
    for (const Field& field : line_fields()) {
        if (out.back() != '{') out.push_back(',');
        append_json_string(out, field.name);
        out.push_back(':');
        const auto* member = line.if_contains(field.name);
        if (member != nullptr) {
            ++known;
            append_value(out, read_value(field, *member, path + "." + std::string(field.name), context),
                         field.type);
        } else {
            out += "null";
        }
    }
    out.push_back('}');
    if (known != line.size()) complain(context, path, "has an unknown member");
}

Value read_lines(const boost::json::value& json, const std::string& path, ReadContext& context) {
    const auto* lines = json.if_array();
    if (lines == nullptr) return complain(context, path, "must be an array of lines");
    if (lines->size() > kMaxLines) return complain(context, path, "has too many lines");
    std::string out = "[";
    for (std::size_t i = 0; i < lines->size(); ++i) {
        const std::string line_path = path + "." + std::to_string(i);
        const auto* line = (*lines)[i].if_object();
        if (line == nullptr) return complain(context, line_path, "must be an object");
        if (i != 0) out.push_back(',');
        append_line(out, *line, line_path, context);
    }
    out.push_back(']');
    return std::string_view(context.arena.emplace_back(std::move(out)));
}

}  // namespace

Value read_value(const Field& field, const boost::json::value& json, const std::string& path,
                 ReadContext& context) {
    if (field.type == FieldType::kLines) return read_lines(json, path, context);
    if (field.type == FieldType::kBool) {
        if (!json.is_bool()) return complain(context, path, "must be true or false");
        return std::int64_t{json.get_bool() ? 1 : 0};
    }
    if (json.is_null()) return {};
    if (!json.is_string()) {
        return complain(context, path,
                        field.type == FieldType::kDecimal ? "must be a decimal written as text, or null"
                                                          : "must be text or null");
    }
    const std::string_view text = json.get_string();
    if (text.empty()) return {};
    switch (field.type) {
        case FieldType::kText:
            if (text.find('\0') != std::string_view::npos)
                return complain(context, path, "holds a NUL character");
            return text;
        case FieldType::kDecimal:
            if (!is_decimal(text)) return complain(context, path, "must be a decimal like \"12.50\"");
            return text;
        case FieldType::kDate:
            if (!is_calendar_date(text)) return complain(context, path, "must be a date written YYYY-MM-DD");
            return text;
        case FieldType::kReference:
            return read_reference(field, text, path, context);
        case FieldType::kBool:
        case FieldType::kLines:
            break;
    }
    return {};
}

std::int64_t parse_id(std::string_view text) {
    std::int64_t id = -1;
    const auto* end = text.data() + text.size();
    const auto result = std::from_chars(text.data(), end, id);
    return result.ec == std::errc{} && result.ptr == end && id > 0 ? id : -1;
}

bool same_decimal(std::string_view a, std::string_view b) {
    const auto strip = [](std::string_view text) {
        const bool negative = !text.empty() && text[0] == '-';
        if (negative) text.remove_prefix(1);
        while (text.size() > 1 && text[0] == '0' && text[1] != '.') text.remove_prefix(1);
        if (text.find('.') != std::string_view::npos) {
            while (text.back() == '0') text.remove_suffix(1);
            if (text.back() == '.') text.remove_suffix(1);
        }
        return std::pair(negative && text != "0", text);
    };
    return a == b || (!a.empty() && !b.empty() && strip(a) == strip(b));
}

}  // namespace crm::sample
