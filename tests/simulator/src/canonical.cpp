#include "canonical.hpp"

#include <algorithm>

namespace metakocka::sim {

namespace json = boost::json;

namespace {

json::value text(std::string_view value) {
    return value.empty() ? json::value() : json::value(value);
}

json::value number(const std::optional<Decimal>& value) {
    return value ? json::value(value->str()) : json::value();
}

json::value id(MkId value) {
    return value == 0 ? json::value() : json::value(std::to_string(value));
}

// The first contact person that has one.
json::value first_of(const Partner& partner, std::string Contact::*field) {
    for (const auto& contact : partner.contacts) {
        if (!(contact.*field).empty()) return json::value(contact.*field);
    }
    return {};
}

std::string_view kind_of(DocType type) {
    switch (type) {
        case DocType::kDomestic:
            return "domestic";
        case DocType::kForeign:
            return "foreign";
        case DocType::kRetail:
            return "retail";
        case DocType::kPrepaid:
            return "prepaid";
        case DocType::kCreditNote:
            return "credit_note";
        case DocType::kOrder:
            return "order";
        case DocType::kOffer:
            return "offer";
    }
    return "";
}

json::object canonical_line(const Ledger& ledger, const Line& line) {
    const Product* product = line.product_id == 0 ? nullptr : ledger.find_product(line.product_id);
    json::array inherited;
    const auto own_or_product = [&](const std::string& own, const std::string Product::*field,
                                    const char* name) {
        if (!own.empty() || product == nullptr) return text(own);
        inherited.emplace_back(name);
        return text(product->*field);
    };
    json::object result{
        {"productMkId", id(line.product_id)},
        {"code", own_or_product(line.code, &Product::code, "code")},
        {"name", own_or_product(line.name, &Product::name, "name")},
        {"quantity", line.amount.str()},
        {"unit", own_or_product(line.unit, &Product::unit, "unit")},
        {"price", line.net_price().str()},
        {"discount", line.discount.empty() ? json::value() : json::value(line.discount_percent().str())},
        {"taxRate", number(tax_percent(line.tax))}};
    result["inherited"] = std::move(inherited);
    return result;
}

}  // namespace

json::object canonical(const Ledger& ledger, const Product& p) {
    json::value price;
    json::value currency;
    json::value tax_rate;
    if (const auto* list = ledger.chosen_pricelist(p)) {
        const auto percent = tax_percent(list->tax);
        Decimal net = list->steps.front().price;
        if (list->gross && percent) net = net.divided_by(Decimal(1) + *percent * Decimal::of(1, 2));
        price = net.str();
        currency = list->currency;
        tax_rate = number(percent);
    }
    return {{"mkId", id(p.mk_id)},
            {"countCode", p.count_code},
            {"code", text(p.code)},
            {"name", text(p.name)},
            {"description", text(p.description)},
            {"unit", text(p.unit)},
            {"barcode", text(p.barcode)},
            {"price", price},
            {"currency", currency},
            {"taxRate", tax_rate},
            {"weight", number(p.weight)},
            {"sellable", p.sales},
            {"purchasable", p.purchasing},
            {"service", p.service},
            {"active", p.activated}};
}

json::object canonical(const Ledger&, const Partner& p) {
    const Address none;
    const Address* billing = p.billing_address();
    const Address& address = billing == nullptr ? none : *billing;
    json::array address_ids;
    for (const auto& each : p.addresses) address_ids.emplace_back(std::to_string(each.mk_id));
    json::array contact_ids;
    for (const auto& each : p.contacts) contact_ids.emplace_back(std::to_string(each.mk_id));
    return {{"mkId", id(p.mk_id)},
            {"countCode", p.count_code},
            {"name", text(p.customer)},
            {"taxNumber", text(p.tax_number)},
            {"registrationNumber", text(p.registration_number)},
            {"email", first_of(p, &Contact::email)},
            {"phone", first_of(p, &Contact::phone)},
            {"mobile", first_of(p, &Contact::gsm)},
            {"street", text(address.street)},
            {"postNumber", text(address.post_number)},
            {"city", text(address.city)},
            {"country", text(address.country)},
            {"isCompany", p.business_entity},
            {"isCustomer", p.buyer},
            {"isSupplier", p.supplier},
            {"active", true},
            {"addressMkIds", std::move(address_ids)},
            {"contactMkIds", std::move(contact_ids)}};
}

json::object canonical(const Ledger& ledger, const Document& d) {
    json::array lines;
    for (const auto& line : d.lines) lines.push_back(canonical_line(ledger, line));
    return {{"mkId", id(d.mk_id)},
            {"docType", doc_type_name(d.type)},
            {"kind", kind_of(d.type)},
            {"bill", is_bill(d.type)},
            {"number", d.count_code},
            {"date", iso(d.date)},
            {"dueDate", is_bill(d.type) ? json::value(iso(d.due)) : json::value()},
            {"partnerMkId", id(d.partner_id)},
            {"receiverMkId", id(d.receiver_id)},
            {"currency", d.currency},
            {"net", d.net.str()},
            {"tax", d.tax_sum().str()},
            {"total", d.total.str()},
            {"paid", d.paid.str()},
            {"status", d.payment_status()},
            {"statusCode", text(d.status_code)},
            {"title", text(d.title)},
            {"buyerOrder", text(d.buyer_order)},
            {"notes", text(d.notes)},
            {"warehouse", ledger.warehouses[d.warehouse].mark},
            {"issued", d.issued},
            {"changedAt", iso_timestamp(d.changed)},
            {"lines", std::move(lines)}};
}

json::object canonical(const Warehouse& w) {
    return {
        {"mkId", id(w.mk_id)}, {"mark", w.mark}, {"name", w.name}, {"active", w.active}, {"main", w.main}};
}

json::object canonical_stock(const Ledger& ledger, const StockKey& key) {
    Decimal amount;
    Decimal reserved;
    std::uint64_t rows = 0;
    const auto [first, last] = ledger.stock_of(key.product_id);
    for (std::size_t i = first; i < last; ++i) {
        const auto& row = ledger.stock[i];
        if (row.warehouse != key.warehouse) continue;
        amount += row.amount;
        reserved += row.reserved;
        ++rows;
    }
    const bool reservations = ledger.options.stock_reserved;
    const auto& warehouse = ledger.warehouses[key.warehouse];
    return {{"mkId", std::to_string(key.product_id) + '/' + std::to_string(warehouse.mk_id)},
            {"productMkId", id(key.product_id)},
            {"warehouseMkId", id(warehouse.mk_id)},
            {"warehouse", warehouse.mark},
            {"amount", amount.str()},
            {"reserved", reservations ? json::value(reserved.str()) : json::value()},
            {"free", reservations ? json::value((amount - reserved).str()) : json::value()},
            {"rows", rows}};
}

std::vector<StockKey> stock_keys(const Ledger& ledger) {
    std::vector<StockKey> keys;
    for (const auto& row : ledger.stock) {
        if (!keys.empty() && keys.back().product_id == row.product_id &&
            keys.back().warehouse == row.warehouse)
            continue;
        keys.push_back({row.product_id, row.warehouse});
    }
    return keys;
}

}  // namespace metakocka::sim
