#include "store/fold.hpp"

namespace metakocka::store {

namespace {

// `point` is between U+0080 and U+017F.
unsigned fold_point(unsigned point) {
    if (point >= 0xC0 && point <= 0xDE && point != 0xD7) return point + 0x20;
    if (point == 0x178) return 0xFF;
    const bool capitals_are_even = (point >= 0x100 && point <= 0x137) || (point >= 0x14A && point <= 0x177);
    if (capitals_are_even) return point | 1U;
    const bool capitals_are_odd = (point >= 0x139 && point <= 0x148) || (point >= 0x179 && point <= 0x17E);
    if (capitals_are_odd && point % 2 == 1) return point + 1;
    return point;
}

}  // namespace

std::string fold_case(std::string_view text) {
    std::string folded(text);
    for (std::size_t i = 0; i < folded.size(); ++i) {
        const auto byte = static_cast<unsigned char>(folded[i]);
        if (byte >= 'A' && byte <= 'Z') {
            folded[i] = static_cast<char>(byte + ('a' - 'A'));
        } else if (byte >= 0xC2 && byte <= 0xC5 && i + 1 < folded.size()) {
            const auto second = static_cast<unsigned char>(folded[i + 1]);
            if ((second & 0xC0U) != 0x80U) continue;
            const unsigned point = fold_point(((byte & 0x1FU) << 6U) | (second & 0x3FU));
            folded[i] = static_cast<char>(0xC0U | (point >> 6U));
            folded[++i] = static_cast<char>(0x80U | (point & 0x3FU));
        }
    }
    return folded;
}

}  // namespace metakocka::store
