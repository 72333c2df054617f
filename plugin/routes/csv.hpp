// CSV as RFC 4180 has it, safe to open in a spreadsheet.
#pragma once

#include <string>
#include <string_view>

namespace metakocka::routes {

// One quoted field. A text that a spreadsheet would take for a formula gets an apostrophe in front (OWASP,
// CSV injection).
inline std::string csv_field(std::string_view text) {
    std::string field = "\"";
    if (!text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos)
        field += '\'';
    for (const char c : text) {
        if (c == '"') field += '"';
        field += c;
    }
    return field + '"';
}

}  // namespace metakocka::routes
