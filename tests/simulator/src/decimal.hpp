#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace metakocka::sim {

// __extension__: the type is not ISO C++, and -Wpedantic would refuse it.
__extension__ typedef __int128 Int128;

// An exact decimal with ten places, the most the real server was seen to send.
// Money never touches binary floating point, so that the sums of a document agree with its lines to the cent.
class Decimal {
  public:
    static constexpr int kPlaces = 10;

    constexpr Decimal() = default;
    constexpr explicit Decimal(std::int64_t whole) : units_(Int128{whole} * kOne) {}

    // value / 10^places, for example of(895, 1) is 89.5.
    static Decimal of(std::int64_t value, int places);
    // Reads plain ("7.3"), Slovenian ("7,3") and grouped ("1.895,01") text.
    static std::optional<Decimal> parse(std::string_view text);

    [[nodiscard]] std::string str() const;            // no exponent, no trailing zeros
    [[nodiscard]] std::string padded() const;         // always ten places, "4.0000000000"
    [[nodiscard]] Decimal rounded(int places) const;  // half to even
    [[nodiscard]] bool is_zero() const { return units_ == 0; }
    [[nodiscard]] bool is_negative() const { return units_ < 0; }
    [[nodiscard]] bool has_fraction() const { return units_ % kOne != 0; }
    [[nodiscard]] Decimal abs() const { return from_units(units_ < 0 ? -units_ : units_); }
    // Quotient rounded half to even at ten places.
    [[nodiscard]] Decimal divided_by(const Decimal& divisor) const;

    friend Decimal operator+(const Decimal& a, const Decimal& b) { return from_units(a.units_ + b.units_); }
    friend Decimal operator-(const Decimal& a, const Decimal& b) { return from_units(a.units_ - b.units_); }
    friend Decimal operator*(const Decimal& a, const Decimal& b);
    Decimal& operator+=(const Decimal& other) {
        units_ += other.units_;
        return *this;
    }
    friend bool operator==(const Decimal&, const Decimal&) = default;
    friend auto operator<=>(const Decimal&, const Decimal&) = default;

  private:
    static constexpr std::int64_t kOne = 10'000'000'000;
    static Decimal from_units(Int128 units) {
        Decimal result;
        result.units_ = units;
        return result;
    }

    Int128 units_ = 0;
};

}  // namespace metakocka::sim
