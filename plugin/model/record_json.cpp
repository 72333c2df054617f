// A record in the CRM's form.
#include <stdexcept>

#include <boost/json.hpp>

#include "model/calendar.hpp"
#include "model/decimal.hpp"
#include "model/lines.hpp"
#include "model/record.hpp"

namespace metakocka {
namespace {

namespace json = boost::json;

json::string_view view(std::string_view text) {
    return {text.data(), text.size()};
}

json::value to_json(const FieldSpec& spec, const Value& value) {
    if (!value) return nullptr;
    switch (spec.type) {
        case FieldType::kFlag:
            return *value == "true";
        case FieldType::kLines:
            return json::parse(view(*value));
        case FieldType::kText:
        case FieldType::kDecimal:
        case FieldType::kDate:
        case FieldType::kReference:
            return json::value(view(*value));
    }
    return nullptr;
}

[[noreturn]] void refuse(std::string_view field, const char* what) {
    throw std::invalid_argument(std::string(field) + what);
}

Value flag_from(const FieldSpec& spec, const json::value& value) {
    if (!value.is_bool()) refuse(spec.name, " is not true or false");
    return value.get_bool() ? "true" : "false";
}

Value lines_from(const FieldSpec& spec, const json::value& value) {
    if (!value.is_array()) refuse(spec.name, " is not a list");
    return to_text(parse_lines(value.get_array()));
}

// A CRM may send a whole number bare; a fraction only as text, because a double is not exact.
Value decimal_from(const FieldSpec& spec, const json::value& value) {
    if (value.is_int64()) return std::to_string(value.get_int64());
    if (value.is_uint64()) return std::to_string(value.get_uint64());
    if (!value.is_string()) refuse(spec.name, " is not a decimal text");
    const std::string_view text = value.get_string();
    if (text.empty()) return std::nullopt;
    auto number = decimal::parse_plain(text);
    if (!number) refuse(spec.name, " is not a number");
    return number;
}

Value from_json(const FieldSpec& spec, const json::value& value) {
    if (value.is_null()) return std::nullopt;
    if (spec.type == FieldType::kFlag) return flag_from(spec, value);
    if (spec.type == FieldType::kLines) return lines_from(spec, value);
    if (spec.type == FieldType::kDecimal) return decimal_from(spec, value);
    if (!value.is_string()) refuse(spec.name, " is not a text");
    const std::string_view text = value.get_string();
    if (text.empty()) return std::nullopt;
    if (spec.type == FieldType::kDate && !calendar::is_date(text)) refuse(spec.name, " is not a date");
    return std::string(text);
}

}  // namespace

json::object to_fields(const Record& record, json::storage_ptr memory) {
    const auto specs = schema(record.kind);
    json::object fields(std::move(memory));
    fields.reserve(specs.size() + 1);
    fields.emplace("active", record.active);
    for (std::size_t i = 0; i < specs.size(); ++i) {
        fields.emplace(view(specs[i].name), to_json(specs[i], record.values[i]));
    }
    return fields;
}

Record from_fields(RecordKind kind, std::string erp_id, const json::object& fields) {
    Record record(kind, std::move(erp_id));
    if (const json::value* const active = fields.if_contains("active")) {
        if (!active->is_bool()) refuse("active", " is not true or false");
        record.active = active->get_bool();
    }
    const auto specs = schema(kind);
    for (std::size_t i = 0; i < specs.size(); ++i) {
        if (const json::value* const value = fields.if_contains(view(specs[i].name))) {
            record.values[i] = from_json(specs[i], *value);
        }
    }
    return record;
}

}  // namespace metakocka
