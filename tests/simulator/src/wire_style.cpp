#include "wire_style.hpp"

namespace metakocka::sim {
namespace {

// "1895.01" → "1.895,01"
std::string grouped(const std::string& plain) {
    const auto dot = plain.find('.');
    std::string result;
    const std::size_t first = plain.front() == '-' ? 1 : 0;
    for (std::size_t i = 0; i < dot; ++i) {
        if (i > first && (dot - i) % 3 == 0) result += '.';
        result += plain[i];
    }
    return result + ',' + plain.substr(dot + 1);
}

std::string with_comma(std::string plain) {
    if (const auto dot = plain.find('.'); dot != std::string::npos) plain[dot] = ',';
    return plain;
}

}  // namespace

void WireStyle::text(std::string_view name, std::string_view value) {
    if (!value.empty()) {
        out_.member(name, value);
        return;
    }
    const auto roll = dice(name);
    if (roll < 10) out_.key(name).raw("null");
    if (roll >= 10 && roll < 20) out_.member(name, "");
}

void WireStyle::id(std::string_view name, MkId value) {
    const std::string digits = std::to_string(value);
    if (dice(name) < 4) {
        out_.key(name).raw(digits);
    } else {
        out_.member(name, digits);
    }
}

void WireStyle::flag(std::string_view name, bool value) {
    const std::string_view word = value ? "true" : "false";
    if (dice(name) < 8) {
        out_.key(name).raw(word);
    } else {
        out_.member(name, word);
    }
}

void WireStyle::decimal(std::string_view name, const Decimal& value) {
    const auto roll = dice(name);
    const std::string plain = value.str();
    if (roll < 6) {
        out_.key(name).raw(plain);
    } else if (roll < 12) {
        out_.member(name, value.padded());
    } else if (roll < 30 && value.has_fraction()) {
        out_.member(name, roll < 20 && value.abs() >= Decimal(1000) ? grouped(plain) : with_comma(plain));
    } else {
        out_.member(name, plain);
    }
}

}  // namespace metakocka::sim
