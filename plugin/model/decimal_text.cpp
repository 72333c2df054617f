// Reading the ways in which a number is written.
#include <algorithm>
#include <charconv>

#include "model/decimal.hpp"

namespace metakocka::decimal {
namespace {

constexpr bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

bool all_digits(std::string_view text) noexcept {
    return std::all_of(text.begin(), text.end(), is_digit);
}

std::string_view trimmed(std::string_view text) noexcept {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

// "1.895" without its separators, nothing unless every group after the first has three digits.
bool ungroup(std::string_view text, char separator, std::string& digits) {
    std::size_t start = 0;
    for (bool first = true;; first = false) {
        const auto end = std::min(text.find(separator, start), text.size());
        const std::string_view group = text.substr(start, end - start);
        if (!all_digits(group)) return false;
        if (first ? (group.empty() || group.size() > 3) : group.size() != 3) return false;
        digits += group;
        if (end == text.size()) return true;
        start = end + 1;
    }
}

struct Parts {
    bool negative = false;
    std::string whole;
    std::string fraction;
};

std::optional<std::string> canonical(const Parts& parts) {
    if (parts.whole.size() + parts.fraction.size() > kMaxDigits * 2) return std::nullopt;
    std::string_view whole = parts.whole;
    std::string_view fraction = parts.fraction;
    while (whole.size() > 1 && whole.front() == '0') whole.remove_prefix(1);
    while (!fraction.empty() && fraction.back() == '0') fraction.remove_suffix(1);
    if (whole.size() + fraction.size() > kMaxDigits) return std::nullopt;
    std::string text;
    text.reserve(whole.size() + fraction.size() + 2);
    if (parts.negative) text += '-';
    text += whole.empty() ? "0" : whole;
    if (!fraction.empty()) {
        text += '.';
        text += fraction;
    }
    if (text == "-0") return "0";
    return text;
}

// "1.0E-7" is how some JSON writers print small numbers.
std::optional<std::string> shifted(Parts parts, std::string_view exponent_text) {
    if (exponent_text.starts_with('+')) exponent_text.remove_prefix(1);
    int exponent = 0;
    const auto* const end = exponent_text.data() + exponent_text.size();
    const auto [at, error] = std::from_chars(exponent_text.data(), end, exponent);
    constexpr int kMost = static_cast<int>(kMaxDigits);
    if (error != std::errc{} || at != end || exponent < -kMost || exponent > kMost) return std::nullopt;
    if (exponent > 0) {
        const auto moved = std::min(parts.fraction.size(), static_cast<std::size_t>(exponent));
        parts.whole += parts.fraction.substr(0, moved);
        parts.whole.append(static_cast<std::size_t>(exponent) - moved, '0');
        parts.fraction.erase(0, moved);
    } else if (exponent < 0) {
        const auto wanted = static_cast<std::size_t>(-exponent);
        if (parts.whole.size() <= wanted) parts.whole.insert(0, wanted + 1 - parts.whole.size(), '0');
        parts.fraction.insert(0, parts.whole.substr(parts.whole.size() - wanted));
        parts.whole.erase(parts.whole.size() - wanted);
    }
    return canonical(parts);
}

// One separator that stands once is the decimal one ("12,123" is twelve and a bit); of two kinds the last one
// is (metakocka-api.md §3); one that repeats can only group thousands.
bool split(std::string_view text, Parts& parts) {
    const auto last = text.find_last_of(".,");
    if (last == std::string_view::npos) {
        parts.whole = text;
        return !text.empty() && all_digits(text);
    }
    const char point = text[last];
    const char grouping = point == '.' ? ',' : '.';
    const std::string_view before = text.substr(0, last);
    if (before.find(point) != std::string_view::npos) {
        return before.find(grouping) == std::string_view::npos && ungroup(text, point, parts.whole);
    }
    parts.fraction = text.substr(last + 1);
    if (parts.fraction.empty() || !all_digits(parts.fraction)) return false;
    if (before.find(grouping) != std::string_view::npos) return ungroup(before, grouping, parts.whole);
    parts.whole = before;
    return all_digits(before);
}

std::optional<std::string> parse(std::string_view text, bool wire) {
    if (text.size() > kMaxDigits * 2) return std::nullopt;
    Parts parts;
    if (text.starts_with('-')) {
        parts.negative = true;
        text.remove_prefix(1);
    }
    if (!wire && text.find(',') != std::string_view::npos) return std::nullopt;
    const auto e = text.find_first_of("eE");
    if (!split(text.substr(0, e), parts)) return std::nullopt;
    if (e != std::string_view::npos) return shifted(std::move(parts), text.substr(e + 1));
    return canonical(parts);
}

}  // namespace

bool is_canonical(std::string_view text) noexcept {
    if (text.starts_with('-')) {
        if (text == "-0") return false;
        text.remove_prefix(1);
    }
    if (text.empty()) return false;
    std::size_t i = 0;
    while (i < text.size() && is_digit(text[i])) ++i;
    if (i == 0 || (i > 1 && text.front() == '0')) return false;
    if (i == text.size()) return true;
    return text[i] == '.' && i + 1 < text.size() && text.back() != '0' && all_digits(text.substr(i + 1));
}

std::optional<std::string> parse_wire(std::string_view text) {
    text = trimmed(text);
    if (text.size() <= kMaxDigits && is_canonical(text))
        return std::string(text);  // the common case, millions of times
    return parse(text, true);
}

std::optional<std::string> parse_plain(std::string_view text) {
    if (text.size() <= kMaxDigits && is_canonical(text)) return std::string(text);
    return parse(text, false);
}

}  // namespace metakocka::decimal
