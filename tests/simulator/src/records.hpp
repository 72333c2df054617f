#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "calendar.hpp"
#include "decimal.hpp"

namespace metakocka::sim {

using MkId = std::uint64_t;

// The four tax registers of the documents' sum_tax_ex1 … ex4.
enum class Tax : std::uint8_t { kNone, kEx1, kEx2, kEx3, kEx4 };
std::optional<Decimal> tax_percent(Tax tax);  // nothing for kNone
std::string_view tax_code(Tax tax);           // "EX4"
std::optional<Tax> tax_from_code(std::string_view code);
std::optional<Tax> tax_from_percent(const Decimal& percent);

struct PriceStep {
    std::optional<Decimal> amount_from;
    std::optional<Decimal> amount_to;
    Decimal price;
    std::string discount;
};

struct Pricelist {
    std::string count_code;
    std::string title;
    bool sales = true;
    bool gross = false;
    std::string currency = "EUR";
    std::string buyer;
    Tax tax = Tax::kEx4;
    std::optional<Date> valid_from;
    std::optional<Date> valid_to;
    std::vector<PriceStep> steps;

    [[nodiscard]] bool valid_on(Date day) const {
        return (!valid_from || *valid_from <= day) && (!valid_to || day <= *valid_to);
    }
};

struct Product {
    MkId mk_id = 0;
    std::string count_code, code, name, description, unit, barcode, category;
    std::optional<Decimal> weight, height;
    bool service = false, sales = true, purchasing = true, activated = true, eshop_sync = false, work = false;
    std::vector<std::pair<std::string, std::string>> localization;  // language → name
    std::vector<Pricelist> pricelists;
};

struct Contact {
    MkId mk_id = 0;
    MkId address_id = 0;
    std::string name, phone, gsm, fax, email;
};

struct Address {
    MkId mk_id = 0;
    std::string type, street, post_number, city, province, country;
};

struct Partner {
    MkId mk_id = 0;
    std::string count_code, customer, tax_number, registration_number;
    bool business_entity = true, taxpayer = false, foreign = false, buyer = true, supplier = false;
    std::vector<Contact> contacts;
    std::vector<Address> addresses;

    // The address of invoices: the one named Račun wherever it stands, else the first.
    [[nodiscard]] const Address* billing_address() const;
};

struct Warehouse {
    MkId mk_id = 0;
    std::string mark, name;
    bool active = true, in_stock_info = true, main = false;
};

struct StockRow {
    MkId product_id = 0;
    std::uint32_t warehouse = 0;  // index into Ledger::warehouses
    std::string lot, serial, microlocation;
    std::optional<Date> expires;
    Decimal amount, reserved;
};

enum class DocType : std::uint8_t { kDomestic, kForeign, kRetail, kPrepaid, kCreditNote, kOrder, kOffer };
inline constexpr std::array<std::string_view, 7> kDocTypeNames{
    "sales_bill_domestic",    "sales_bill_foreign", "sales_bill_retail", "sales_bill_prepaid",
    "sales_bill_credit_note", "sales_order",        "sales_offer"};
std::string_view doc_type_name(DocType type);
std::optional<DocType> doc_type_from(std::string_view name);
inline bool is_bill(DocType type) {
    return type < DocType::kOrder;
}

struct Line {
    MkId product_id = 0;           // 0: free text
    std::string code, name, unit;  // may be empty: then the product's hold
    Decimal amount, price;         // the price as the line says it, net or gross
    bool gross = false;
    std::string discount;  // "22;23" is two in a row
    Tax tax = Tax::kEx4;

    [[nodiscard]] Decimal discount_percent() const;  // chained ones combined
    [[nodiscard]] Decimal net_price() const;         // per unit, before discount
};

struct Payment {
    Date date;
    Decimal amount;
    std::string type;
};

struct Document {
    MkId mk_id = 0;
    DocType type = DocType::kDomestic;
    std::string count_code, title, buyer_order, notes, status_code, profit_center, currency = "EUR";
    Date date, due;
    Instant created, changed;
    MkId partner_id = 0, receiver_id = 0, partner_address_id = 0;
    std::uint32_t warehouse = 0;
    std::vector<Line> lines;
    std::vector<Payment> payments;
    bool issued = false;
    // Derived from lines and payments by `settle`.
    Decimal net, discount, total, paid;
    std::array<std::optional<Decimal>, 5> taxes;  // indexed by Tax

    void settle();
    [[nodiscard]] std::string_view payment_status() const;  // unpaid|partly_paid|paid
    [[nodiscard]] Decimal tax_sum() const;
};

}  // namespace metakocka::sim
