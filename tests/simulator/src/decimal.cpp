#include "decimal.hpp"

#include <algorithm>
#include <cctype>

namespace metakocka::sim {
namespace {

Int128 divide_half_even(Int128 dividend, Int128 divisor) {
    if (divisor < 0) {
        dividend = -dividend;
        divisor = -divisor;
    }
    Int128 quotient = dividend / divisor;
    const Int128 rest = dividend % divisor;
    const Int128 twice = (rest < 0 ? -rest : rest) * 2;
    if (twice > divisor || (twice == divisor && quotient % 2 != 0)) quotient += dividend < 0 ? -1 : 1;
    return quotient;
}

Int128 power_of_ten(int exponent) {
    Int128 result = 1;
    for (int i = 0; i < exponent; ++i) result *= 10;
    return result;
}

// Leaves digits, sign and one dot. If both separators occur, the last one is the decimal one.
std::string with_dot(std::string_view text) {
    const auto comma = text.rfind(',');
    const auto dot = text.rfind('.');
    std::string result;
    if (comma == std::string_view::npos) return std::string(text);
    const bool comma_decimal = dot == std::string_view::npos || comma > dot;
    for (const char c : text) {
        if (c == (comma_decimal ? '.' : ',')) continue;
        result += c == ',' ? '.' : c;
    }
    return result;
}

}  // namespace

Decimal Decimal::of(std::int64_t value, int places) {
    return from_units(Int128{value} * power_of_ten(kPlaces - places));
}

std::optional<Decimal> Decimal::parse(std::string_view raw) {
    const std::string text = with_dot(raw);
    std::size_t at = 0;
    bool negative = false;
    if (at < text.size() && (text[at] == '-' || text[at] == '+')) negative = text[at++] == '-';
    Int128 units = 0;
    int digits = 0;
    int places = -1;
    for (; at < text.size(); ++at) {
        if (text[at] == '.' && places < 0) {
            places = 0;
        } else if (std::isdigit(static_cast<unsigned char>(text[at])) != 0) {
            if (places >= kPlaces) continue;  // finer than this server keeps
            if (++digits > 28) return std::nullopt;
            units = units * 10 + (text[at] - '0');
            if (places >= 0) ++places;
        } else {
            return std::nullopt;
        }
    }
    if (digits == 0) return std::nullopt;
    units *= power_of_ten(kPlaces - std::max(places, 0));
    return from_units(negative ? -units : units);
}

std::string Decimal::padded() const {
    Int128 rest = units_ < 0 ? -units_ : units_;
    std::string text;
    for (int i = 0; i < kPlaces || rest != 0 || i == kPlaces; ++i) {
        if (i == kPlaces) text += '.';
        text += static_cast<char>('0' + static_cast<int>(rest % 10));
        rest /= 10;
    }
    if (units_ < 0) text += '-';
    std::reverse(text.begin(), text.end());
    return text;
}

std::string Decimal::str() const {
    std::string text = padded();
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
    return text;
}

Decimal Decimal::rounded(int places) const {
    const Int128 step = power_of_ten(kPlaces - places);
    return from_units(divide_half_even(units_, step) * step);
}

Decimal Decimal::divided_by(const Decimal& divisor) const {
    return from_units(divide_half_even(units_ * kOne, divisor.units_));
}

Decimal operator*(const Decimal& a, const Decimal& b) {
    return Decimal::from_units(divide_half_even(a.units_ * b.units_, Decimal::kOne));
}

}  // namespace metakocka::sim
