#include "hostile.hpp"

#include <boost/json.hpp>

#include "crm/detail/text_sink.hpp"

namespace crm::validator {

const std::vector<Named>& broken_json() {
    static const std::vector<Named> texts = {
        {"nothing", ""},
        {"spaces", "   "},
        {"a cut object", R"({"a":)"},
        {"a cut text", R"({"a":"b)"},
        {"a cut escape", R"({"a":"\u12)"},
        {"a bare word", "enabled"},
        {"two values", "{}{}"},
        {"a trailing comma", R"({"a":1,})"},
        {"a NUL byte", std::string("{\"a\":\0}", 7)},
        {"invalid UTF-8", "{\"a\":\"\xff\xfe\xc0\xaf\"}"},
        {"half a surrogate", R"({"a":"\ud800"})"},
        {"10,000 open brackets", std::string(10'000, '[')},
        {"10,000 open objects",
         [] {
             std::string text;
             for (int i = 0; i < 10'000; ++i) text += R"({"a":)";
             return text;
         }()},
        {"an endless number", "[" + std::string(100'000, '9')},
        {"a page of HTML", "<!DOCTYPE html><html><body>502 Bad Gateway</body></html>"},
    };
    return texts;
}

const std::vector<Named>& strange_json() {
    static const std::vector<Named> texts = {
        {"null", "null"},
        {"a number", "42"},
        {"a text", R"("text")"},
        {"a list", "[]"},
        {"a list of null", "[null]"},
        {"unknown members", R"({"never":{"heard":["of"]}})"},
        {"wrong types",
         R"({"enabled":"yes","types":7,"mode":[],"intervals":[1],"secretKey":{},"companyId":null})"},
        {"huge numbers", R"({"enabled":1e308,"intervals":{"products":99999999999999999999999999}})"},
        {"an empty name", R"({"":""})"},
        {"the same member twice", R"({"enabled":true,"enabled":"no"})"},
        {"a name with a NUL", R"({"a\u0000b":"c\u0000d"})"},
        {"a deep list", std::string(25, '[') + std::string(25, ']')},
        {"a long text", R"({"companyId":")" + std::string(1'000'000, 'x') + R"("})"},
    };
    return texts;
}

std::string Mutator::mutate(std::string_view from) {
    static constexpr std::string_view kPieces[] = {
        "{",    "}",  "[",     "]",       "\"",   ",",    ":",
        "null", "-1", "1e999", "\\u0000", "\xff", "true", "9223372036854775808",
        "\\",   "\n"};
    std::string text(from);
    for (std::size_t change = 0, changes = 1 + below(4); change < changes; ++change) {
        const std::size_t at = below(text.size() + 1);
        switch (below(6)) {
            case 0:
                text.resize(at);
                break;
            case 1:
                if (at < text.size()) text[at] = static_cast<char>(below(256));
                break;
            case 2:
                text.insert(at, kPieces[below(std::size(kPieces))]);
                break;
            case 3:
                text.erase(at, 1 + below(8));
                break;
            case 4:
                text.insert(at, text.substr(at, 1 + below(32)));
                break;
            default:
                if (at < text.size()) text[at] = static_cast<char>(text[at] ^ (1 << below(8)));
        }
    }
    return text;
}

bool is_json(std::string_view text) {
    boost::json::error_code failed;
    boost::json::parse_options options;
    options.max_depth = 64;
    boost::json::parse(boost::json::string_view(text.data(), text.size()), failed, {}, options);
    return !failed;
}

bool is_utf8(std::string_view text) {
    std::size_t i = 0;
    while (i < text.size()) {
        const auto lead = static_cast<unsigned char>(text[i]);
        const std::size_t length = lead < 0x80   ? 1
                                   : lead < 0xC2 ? 0
                                   : lead < 0xE0 ? 2
                                   : lead < 0xF0 ? 3
                                   : lead < 0xF5 ? 4
                                                 : 0;
        if (length == 0 || length > text.size() - i) return false;
        for (std::size_t k = 1; k < length; ++k) {
            if ((static_cast<unsigned char>(text[i + k]) & 0xC0u) != 0x80u) return false;
        }
        const auto second = length > 1 ? static_cast<unsigned char>(text[i + 1]) : 0x80u;
        if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F) ||
            (lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F)) {
            return false;
        }
        i += length;
    }
    return true;
}

}  // namespace crm::validator
