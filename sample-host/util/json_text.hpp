// Writing JSON text piece by piece, for answers that are too large or too frequent for a DOM.
#pragma once

#include <string>
#include <string_view>

namespace crm::sample {

// Appends `text` as a JSON string with its quotes. `text` must be UTF-8.
void append_json_string(std::string& out, std::string_view text);

inline std::string json_string(std::string_view text) {
    std::string out;
    append_json_string(out, text);
    return out;
}

}  // namespace crm::sample
