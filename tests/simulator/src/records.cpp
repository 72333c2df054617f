#include "records.hpp"

namespace metakocka::sim {
namespace {

constexpr std::array<std::string_view, 5> kTaxCodes{"", "EX1", "EX2", "EX3", "EX4"};

std::size_t index_of(Tax tax) {
    return static_cast<std::size_t>(tax);
}

Decimal hundredth(const Decimal& percent) {
    return percent * Decimal::of(1, 2);
}

}  // namespace

std::optional<Decimal> tax_percent(Tax tax) {
    switch (tax) {
        case Tax::kNone:
            return std::nullopt;
        case Tax::kEx1:
            return Decimal(0);
        case Tax::kEx2:
            return Decimal(5);
        case Tax::kEx3:
            return Decimal::of(95, 1);
        case Tax::kEx4:
            return Decimal(22);
    }
    return std::nullopt;
}

std::string_view tax_code(Tax tax) {
    return kTaxCodes[index_of(tax)];
}

std::optional<Tax> tax_from_code(std::string_view code) {
    for (std::size_t i = 1; i < kTaxCodes.size(); ++i) {
        if (kTaxCodes[i] == code) return static_cast<Tax>(i);
    }
    return std::nullopt;
}

std::optional<Tax> tax_from_percent(const Decimal& percent) {
    for (std::size_t i = 1; i < kTaxCodes.size(); ++i) {
        if (tax_percent(static_cast<Tax>(i)) == percent) return static_cast<Tax>(i);
    }
    return std::nullopt;
}

const Address* Partner::billing_address() const {
    for (const auto& address : addresses) {
        if (address.type == "Račun") return &address;
    }
    return addresses.empty() ? nullptr : &addresses.front();
}

std::string_view doc_type_name(DocType type) {
    return kDocTypeNames[static_cast<std::size_t>(type)];
}

std::optional<DocType> doc_type_from(std::string_view name) {
    for (std::size_t i = 0; i < kDocTypeNames.size(); ++i) {
        if (kDocTypeNames[i] == name) return static_cast<DocType>(i);
    }
    return std::nullopt;
}

Decimal Line::discount_percent() const {
    Decimal left(1);
    std::string_view rest = discount;
    while (!rest.empty()) {
        const auto end = rest.find(';');
        const auto part = Decimal::parse(rest.substr(0, end));
        if (part) left = left * (Decimal(1) - hundredth(*part));
        rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
    }
    return (Decimal(1) - left) * Decimal(100);
}

Decimal Line::net_price() const {
    const auto percent = tax_percent(tax);
    if (!gross || !percent) return price;
    return price.divided_by(Decimal(1) + hundredth(*percent));
}

void Document::settle() {
    net = discount = total = paid = Decimal();
    taxes = {};
    for (const auto& line : lines) {
        const Decimal factor = hundredth(tax_percent(line.tax).value_or(Decimal(0)));
        const Decimal left = Decimal(1) - hundredth(line.discount_percent());
        const Decimal before = line.amount * line.price;
        const Decimal after = (before * left).rounded(2);
        const Decimal line_net = line.gross ? after.divided_by(Decimal(1) + factor).rounded(2) : after;
        const Decimal line_tax = line.gross ? after - line_net : (after * factor).rounded(2);
        net += line_net;
        discount += before.rounded(2) - after;
        if (line.tax != Tax::kNone) {
            auto& sum = taxes[index_of(line.tax)];
            sum = sum.value_or(Decimal()) + line_tax;
        }
    }
    total = net + tax_sum();
    for (const auto& payment : payments) paid += payment.amount;
}

Decimal Document::tax_sum() const {
    Decimal sum;
    for (const auto& tax : taxes) sum += tax.value_or(Decimal());
    return sum;
}

std::string_view Document::payment_status() const {
    if (paid.abs() >= total.abs()) return "paid";
    return paid.is_zero() ? "unpaid" : "partly_paid";
}

}  // namespace metakocka::sim
