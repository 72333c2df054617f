#include "model/decimal.hpp"

#include <algorithm>
#include <stdexcept>

#include <boost/multiprecision/cpp_int.hpp>

namespace metakocka::decimal {
namespace {

using boost::multiprecision::cpp_int;

// units / 10^places
struct Scaled {
    cpp_int units;
    unsigned places = 0;
};

cpp_int power_of_ten(unsigned exponent) {
    return boost::multiprecision::pow(cpp_int(10), exponent);
}

Scaled scaled(std::string_view text) {
    if (!is_canonical(text)) throw std::invalid_argument("not a canonical decimal");
    Scaled result;
    const bool negative = text.front() == '-';
    if (negative) text.remove_prefix(1);
    const auto point = text.find('.');
    if (point != std::string_view::npos) result.places = static_cast<unsigned>(text.size() - point - 1);
    // Eighteen digits at a time fit into 64 bits.
    std::uint64_t chunk = 0;
    std::uint64_t weight = 1;
    for (const char c : text) {
        if (c == '.') continue;
        chunk = chunk * 10 + static_cast<std::uint64_t>(c - '0');
        weight *= 10;
        if (weight == 1'000'000'000'000'000'000U) {
            result.units = result.units * weight + chunk;
            chunk = 0;
            weight = 1;
        }
    }
    if (weight != 1) result.units = result.units * weight + chunk;
    if (negative) result.units = -result.units;
    return result;
}

std::string canonical(const Scaled& value) {
    if (value.units.is_zero()) return "0";
    std::string digits = cpp_int(abs(value.units)).str();
    if (digits.size() <= value.places) digits.insert(0, value.places + 1 - digits.size(), '0');
    if (value.places > 0) {
        digits.insert(digits.size() - value.places, 1, '.');
        digits.erase(digits.find_last_not_of('0') + 1);
        if (digits.back() == '.') digits.pop_back();
    }
    if (value.units.sign() < 0) digits.insert(0, 1, '-');
    return digits;
}

void align(Scaled& a, Scaled& b) {
    if (a.places < b.places) {
        a.units *= power_of_ten(b.places - a.places);
        a.places = b.places;
    } else if (b.places < a.places) {
        b.units *= power_of_ten(a.places - b.places);
        b.places = a.places;
    }
}

}  // namespace

std::string add(std::string_view a, std::string_view b) {
    Scaled left = scaled(a);
    Scaled right = scaled(b);
    align(left, right);
    left.units += right.units;
    return canonical(left);
}

std::string subtract(std::string_view a, std::string_view b) {
    Scaled left = scaled(a);
    Scaled right = scaled(b);
    align(left, right);
    left.units -= right.units;
    return canonical(left);
}

std::string multiply(std::string_view a, std::string_view b) {
    Scaled left = scaled(a);
    const Scaled right = scaled(b);
    left.units *= right.units;
    left.places += right.places;
    return canonical(left);
}

std::string divide(std::string_view a, std::string_view b, int places) {
    Scaled left = scaled(a);
    Scaled right = scaled(b);
    if (right.units.is_zero()) throw std::domain_error("division by zero");
    align(left, right);
    const bool negative = (left.units.sign() < 0) != (right.units.sign() < 0);
    const cpp_int numerator = abs(left.units) * power_of_ten(static_cast<unsigned>(places));
    const cpp_int denominator = abs(right.units);
    cpp_int quotient;
    cpp_int rest;
    boost::multiprecision::divide_qr(numerator, denominator, quotient, rest);
    const int half = cpp_int(rest * 2).compare(denominator);
    if (half > 0 || (half == 0 && bit_test(quotient, 0))) ++quotient;
    if (negative) quotient = -quotient;
    return canonical({std::move(quotient), static_cast<unsigned>(places)});
}

int compare(std::string_view a, std::string_view b) {
    Scaled left = scaled(a);
    Scaled right = scaled(b);
    align(left, right);
    const int order = left.units.compare(right.units);
    return order < 0 ? -1 : order > 0 ? 1 : 0;
}

std::string absolute(std::string_view a) {
    if (a.starts_with('-')) a.remove_prefix(1);
    return std::string(a);
}

std::string net_of_gross(std::string_view gross, std::string_view tax_factor) {
    return divide(gross, add("1", tax_factor), 10);
}

std::optional<std::string> combine_discounts(std::string_view wire) {
    std::string left = "100";
    bool any = false;
    while (!wire.empty()) {
        const auto end = std::min(wire.find(';'), wire.size());
        const std::string_view part = wire.substr(0, end);
        wire.remove_prefix(std::min(end + 1, wire.size()));
        if (part.find_first_not_of(' ') == std::string_view::npos) continue;  // "22;" ends in an empty one
        const auto percent = parse_wire(part);
        if (!percent) return std::nullopt;
        left = multiply(left, multiply(subtract("100", *percent), "0.01"));
        any = true;
    }
    if (!any) return std::nullopt;
    return subtract("100", left);
}

}  // namespace metakocka::decimal
