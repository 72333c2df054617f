#include <algorithm>
#include <stdexcept>

#include "canonical.hpp"
#include "request.hpp"

namespace metakocka::sim {

namespace json = boost::json;

namespace {

void set(std::string& target, const Fields& fields, std::string_view name) {
    if (fields.has(name)) target = fields.text(name);
}

void set(bool& target, const Fields& fields, std::string_view name) {
    if (const auto value = fields.flag(name)) target = *value;
}

Decimal number(const Fields& fields, std::string_view name) {
    const auto value = fields.decimal(name);
    if (!value) throw std::invalid_argument(std::string(name) + " is missing");
    return *value;
}

Tax tax_rate(const Fields& fields) {
    const auto percent = fields.decimal("taxRate");
    if (!percent) return Tax::kNone;
    const auto tax = tax_from_percent(*percent);
    if (!tax) throw std::invalid_argument("taxRate must be 0, 5, 9.5 or 22");
    return *tax;
}

Date date(const Fields& fields, std::string_view name) {
    const auto value = parse_iso_date(fields.text(name));
    if (!value) throw std::invalid_argument(std::string(name) + " is not a date YYYY-MM-DD");
    return *value;
}

// The pricelist the price comes from, made when the product has none.
Pricelist& pricelist(Ledger& ledger, Product& product) {
    if (const auto* list = ledger.chosen_pricelist(product)) {
        return product.pricelists[static_cast<std::size_t>(list - product.pricelists.data())];
    }
    Pricelist added;
    added.count_code = "PC_ADMIN";
    added.title = "cenik PC_ADMIN";
    added.steps.emplace_back();
    return product.pricelists.emplace_back(std::move(added));
}

void apply_price(Ledger& ledger, Product& product, const Fields& fields) {
    if (fields.has("price") && fields.text("price").empty()) {
        std::erase_if(product.pricelists, [](const Pricelist& list) { return list.sales; });
        return;
    }
    if (!fields.has("price") && !fields.has("currency") && !fields.has("taxRate")) return;
    auto& list = pricelist(ledger, product);
    if (fields.has("taxRate")) {
        list.tax = tax_rate(fields);
        if (list.tax == Tax::kNone) list.gross = false;
    }
    if (fields.has("currency")) list.currency = fields.text("currency");
    if (fields.has("price")) {
        list.gross = false;  // the plain price is net
        list.steps.front().price = number(fields, "price");
    }
}

void set_on_contacts(Ledger& ledger, Partner& partner, const Fields& fields, std::string_view name,
                     std::string Contact::*field) {
    if (!fields.has(name)) return;
    const auto value = fields.text(name);
    if (value.empty()) {
        for (auto& contact : partner.contacts) (contact.*field).clear();
        return;
    }
    for (auto& contact : partner.contacts) {
        if (!(contact.*field).empty()) {
            contact.*field = value;
            return;
        }
    }
    if (partner.contacts.empty()) {
        Contact added;
        added.mk_id = ledger.next_id(Ledger::Kind::kContact);
        added.address_id = partner.addresses.empty() ? 0 : partner.addresses.front().mk_id;
        partner.contacts.push_back(std::move(added));
    }
    partner.contacts.front().*field = value;
}

Address& billing(Ledger& ledger, Partner& partner) {
    if (const auto* address = partner.billing_address()) {
        return partner.addresses[static_cast<std::size_t>(address - partner.addresses.data())];
    }
    Address added;
    added.mk_id = ledger.next_id(Ledger::Kind::kAddress);
    added.type = "Račun";
    return partner.addresses.emplace_back(std::move(added));
}

Line plain_line(const Ledger& ledger, const Fields& fields) {
    Line line;
    line.product_id = fields.id("productMkId").value_or(0);
    if (const auto* product = ledger.find_product(line.product_id)) {
        line.code = product->code;
        line.name = product->name;
        line.unit = product->unit;
    }
    set(line.code, fields, "code");
    set(line.name, fields, "name");
    set(line.unit, fields, "unit");
    line.amount = number(fields, "quantity");
    line.price = number(fields, "price");
    line.discount = fields.text("discount");
    line.tax = fields.has("taxRate") ? tax_rate(fields) : Tax::kEx4;
    return line;
}

}  // namespace

void apply_plain(Ledger& ledger, Product& product, const json::object& json) {
    const Fields fields(json);
    set(product.count_code, fields, "countCode");
    set(product.code, fields, "code");
    set(product.name, fields, "name");
    set(product.description, fields, "description");
    set(product.unit, fields, "unit");
    set(product.barcode, fields, "barcode");
    if (fields.has("weight")) product.weight = fields.decimal("weight");
    set(product.sales, fields, "sellable");
    set(product.purchasing, fields, "purchasable");
    set(product.service, fields, "service");
    set(product.activated, fields, "active");
    apply_price(ledger, product, fields);
}

void apply_plain(Ledger& ledger, Partner& partner, const json::object& json) {
    const Fields fields(json);
    set(partner.count_code, fields, "countCode");
    set(partner.customer, fields, "name");
    set(partner.tax_number, fields, "taxNumber");
    set(partner.registration_number, fields, "registrationNumber");
    set(partner.business_entity, fields, "isCompany");
    set(partner.buyer, fields, "isCustomer");
    set(partner.supplier, fields, "isSupplier");
    for (const auto* name : {"street", "postNumber", "city", "country"}) {
        if (!fields.has(name)) continue;
        auto& address = billing(ledger, partner);
        set(address.street, fields, "street");
        set(address.post_number, fields, "postNumber");
        set(address.city, fields, "city");
        set(address.country, fields, "country");
        break;
    }
    set_on_contacts(ledger, partner, fields, "email", &Contact::email);
    set_on_contacts(ledger, partner, fields, "phone", &Contact::phone);
    set_on_contacts(ledger, partner, fields, "mobile", &Contact::gsm);
}

void apply_plain(Ledger& ledger, Document& document, const json::object& json) {
    const Fields fields(json);
    if (fields.has("docType")) {
        const auto type = doc_type_from(fields.text("docType"));
        if (!type) throw std::invalid_argument("unknown docType");
        document.type = *type;
    }
    set(document.count_code, fields, "number");
    set(document.currency, fields, "currency");
    set(document.title, fields, "title");
    set(document.buyer_order, fields, "buyerOrder");
    set(document.notes, fields, "notes");
    set(document.status_code, fields, "statusCode");
    set(document.issued, fields, "issued");
    if (fields.has("date")) document.date = date(fields, "date");
    if (fields.has("dueDate")) document.due = date(fields, "dueDate");
    if (fields.has("warehouse")) {
        const auto* warehouse = ledger.find_warehouse(fields.text("warehouse"));
        if (warehouse == nullptr) throw std::invalid_argument("unknown warehouse");
        document.warehouse = static_cast<std::uint32_t>(warehouse - ledger.warehouses.data());
    }
    if (const auto partner = fields.id("partnerMkId")) {
        document.partner_id = document.receiver_id = *partner;
        document.partner_address_id = 0;
    }
    if (fields.has("lines")) {
        document.lines.clear();
        for (const auto& line : fields.list("lines")) document.lines.push_back(plain_line(ledger, line));
    }
    if (fields.has("paid")) {
        document.payments.clear();
        const auto paid = number(fields, "paid");
        if (!paid.is_zero()) document.payments.push_back({ledger.today, paid, "Transakcijski račun"});
    }
    document.settle();
    document.changed = now();
}

void apply_plain_stock(Ledger& ledger, const StockKey& key, const json::object& json) {
    const Fields fields(json);
    StockRow row;
    row.product_id = key.product_id;
    row.warehouse = key.warehouse;
    const auto before = canonical_stock(ledger, key);
    row.amount = fields.decimal("amount").value_or(*Decimal::parse(before.at("amount").as_string()));
    const auto& reserved = before.at("reserved");
    row.reserved = reserved.is_string() ? *Decimal::parse(reserved.as_string()) : Decimal();
    if (const auto sent = fields.decimal("reserved")) row.reserved = *sent;
    std::erase_if(ledger.stock, [&](const StockRow& other) {
        return other.product_id == key.product_id && other.warehouse == key.warehouse;
    });
    ledger.insert(std::move(row));
}

}  // namespace metakocka::sim
