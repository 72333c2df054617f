#include "unicode.hpp"

#include <algorithm>

namespace crm::detail {
namespace {

bool is_hidden(char16_t unit) {
    const auto within = [unit](char16_t first, char16_t last) { return unit >= first && unit <= last; };
    return unit < 0x20 || within(0x7f, 0x9f) || unit == 0x61c || within(0x200e, 0x200f) ||
           within(0x2028, 0x202e) || within(0x2066, 0x2069);
}

}  // namespace

std::u16string utf16(std::string_view text) {
    std::u16string out;
    for (std::size_t at = 0; at < text.size();) {
        const auto first = static_cast<unsigned char>(text[at]);
        const unsigned extra = first < 0x80 ? 0 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
        char32_t point = extra == 0 ? first : first & (0x3fu >> extra);
        for (unsigned i = 1; i <= extra && at + i < text.size(); ++i) {
            point = point << 6 | (static_cast<unsigned char>(text[at + i]) & 0x3fu);
        }
        at += extra + 1;
        if (point < 0x10000) {
            out.push_back(static_cast<char16_t>(point));
        } else {
            out.push_back(static_cast<char16_t>(0xd7c0 + (point >> 10)));
            out.push_back(static_cast<char16_t>(0xdc00 + (point & 0x3ff)));
        }
    }
    return out;
}

bool is_plain(std::string_view text) {
    return std::ranges::none_of(utf16(text), is_hidden);
}

}  // namespace crm::detail
