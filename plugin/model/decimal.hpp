// Exact decimals as text. Money and quantities never pass through binary floating point (metakocka-api.md
// §3), and a value is compared, hashed and stored as its canonical text: no exponent, no trailing zeros after
// the point, no leading zeros, "-0" is "0".
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace metakocka::decimal {

// Longer numbers are nonsense; the bound also keeps arithmetic cheap.
inline constexpr std::size_t kMaxDigits = 40;

bool is_canonical(std::string_view text) noexcept;

// What the ERP writes, in canonical form: "24.8", "7,3", "1.895,01", "1,895.01", "4.0000000000", "1E-7".
// Nothing when it is not a number.
std::optional<std::string> parse_wire(std::string_view text);

// "24.80" with a point only: what a CRM writes.
std::optional<std::string> parse_plain(std::string_view text);

// The arguments below are canonical; anything else throws std::invalid_argument.
std::string add(std::string_view a, std::string_view b);
std::string subtract(std::string_view a, std::string_view b);
std::string multiply(std::string_view a, std::string_view b);
// Rounded half to even. Throws std::domain_error when `b` is zero.
std::string divide(std::string_view a, std::string_view b, int places);
// Negative, zero, positive.
int compare(std::string_view a, std::string_view b);
inline bool is_zero(std::string_view a) {
    return a == "0";
}
std::string absolute(std::string_view a);

// gross / (1 + tax factor), half to even at 10 places, the most that the ERP was seen to send.
std::string net_of_gross(std::string_view gross, std::string_view tax_factor);

// "22;23" are two discounts in a row, in percent: "39.94". Wire text; nothing when a part is not a number.
std::optional<std::string> combine_discounts(std::string_view wire);

}  // namespace metakocka::decimal
