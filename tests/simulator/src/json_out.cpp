#include "json_out.hpp"

namespace metakocka::sim {

void JsonOut::separate() {
    if (comma_) text_ += ',';
    comma_ = true;
}

JsonOut& JsonOut::open(char bracket) {
    separate();
    text_ += bracket;
    comma_ = false;
    return *this;
}

JsonOut& JsonOut::close(char bracket) {
    text_ += bracket;
    comma_ = true;
    return *this;
}

JsonOut& JsonOut::key(std::string_view name) {
    separate();
    quote(name);
    text_ += ':';
    comma_ = false;
    return *this;
}

JsonOut& JsonOut::string(std::string_view value) {
    separate();
    quote(value);
    return *this;
}

JsonOut& JsonOut::raw(std::string_view json) {
    separate();
    text_ += json;
    return *this;
}

void JsonOut::quote(std::string_view value) {
    static constexpr char kHex[] = "0123456789abcdef";
    text_ += '"';
    for (const char c : value) {
        switch (c) {
            case '"':
                text_ += "\\\"";
                break;
            case '\\':
                text_ += "\\\\";
                break;
            case '\n':
                text_ += "\\n";
                break;
            case '\r':
                text_ += "\\r";
                break;
            case '\t':
                text_ += "\\t";
                break;
            default: {
                const auto byte = static_cast<unsigned char>(c);
                if (byte >= 0x20) {
                    text_ += c;
                } else {
                    text_ += "\\u00";
                    text_ += kHex[byte >> 4];
                    text_ += kHex[byte & 15];
                }
            }
        }
    }
    text_ += '"';
}

}  // namespace metakocka::sim
