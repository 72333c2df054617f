#include "records/record_input.hpp"

#include <algorithm>

namespace crm::sample {

RecordInput read_input(const Kind& kind, const boost::json::object& fields, ReadContext& context,
                       std::initializer_list<std::string_view> also_allowed) {
    RecordInput input;
    input.fields.resize(kind.fields.size());
    std::size_t known = 0;
    for (std::size_t i = 0; i < kind.fields.size(); ++i) {
        const Field& field = kind.fields[i];
        const auto* member = fields.if_contains(field.name);
        if (member == nullptr) continue;
        ++known;
        input.fields[i] = read_value(field, *member, std::string(field.name), context);
    }
    if (const auto* active = fields.if_contains("active")) {
        ++known;
        if (active->is_bool()) {
            input.active = active->get_bool();
        } else {
            context.errors.push_back({"active", "must be true or false"});
        }
    }
    for (const std::string_view name : also_allowed) known += fields.contains(name) ? 1u : 0u;
    if (known == fields.size()) return input;

    for (const auto& member : fields) {
        const std::string_view name = member.key();
        const bool is_field =
            std::ranges::any_of(kind.fields, [&](const Field& f) { return f.name == name; });
        const bool is_allowed = std::ranges::find(also_allowed, name) != also_allowed.end();
        if (!is_field && !is_allowed && name != "active") {
            context.errors.push_back({std::string(name), "is unknown or cannot be set"});
        }
    }
    return input;
}

void require_fields(const Kind& kind, const RecordInput& input, ReadContext& context) {
    for (std::size_t i = 0; i < kind.fields.size(); ++i) {
        const Field& field = kind.fields[i];
        if (!field.required) continue;
        const bool given = input.fields[i].has_value();
        if (given && !std::holds_alternative<std::monostate>(*input.fields[i])) continue;
        const std::string path(field.name);
        const bool complained =
            std::ranges::any_of(context.errors, [&](const InputError& error) { return error.path == path; });
        if (!complained) context.errors.push_back({path, "is required"});
    }
}

}  // namespace crm::sample
