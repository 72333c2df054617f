// The four kinds of records and their fields, as the API names them.
#pragma once

#include <span>
#include <string_view>

namespace crm::sample {

enum class FieldType {
    kText,
    kBool,
    kDecimal,    // exact, as text: "-12.50"
    kDate,       // YYYY-MM-DD, never shifted
    kReference,  // the id of a record of `target`
    kLines,      // an invoice's lines: a JSON array
};

struct Field {
    std::string_view name;
    FieldType type;
    std::string_view target = {};
    bool required = false;  // when a person creates the record; a connector may leave out what its side lacks
};

struct Kind {
    std::string_view name;  // also the table's name and the path segment
    std::span<const Field> fields;
    std::string_view search;  // SQL condition over ?1, the folded text looked for
};

// Null when there is no such kind.
const Kind* find_kind(std::string_view name);
std::span<const Kind> all_kinds();
// The fields of one invoice line.
std::span<const Field> line_fields();

}  // namespace crm::sample
