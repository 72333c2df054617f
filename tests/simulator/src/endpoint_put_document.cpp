#include <algorithm>

#include "endpoints.hpp"

namespace metakocka::sim {
namespace {

// Accepted all year: dd.mm.yyyy. The ISO form only with the literal +02:00, even in winter.
Date document_date(const std::string& text, std::string_view name) {
    if (const auto date = parse_slovenian_date(text)) return *date;
    if (text.size() == 16 && text.ends_with("+02:00")) {
        if (const auto date = parse_iso_date(std::string_view(text).substr(0, 10))) return *date;
    }
    throw ApiError("6", "Not valid date for " + std::string(name));
}

Tax line_tax(const Fields& line) {
    if (const auto code = line.text("tax"); !code.empty()) {
        if (const auto tax = tax_from_code(code)) return *tax;
        throw ApiError("2", "Unknown tax '" + code + "'.");
    }
    if (const auto factor = line.decimal("tax_factor")) {
        if (const auto tax = tax_from_percent(*factor * Decimal(100))) return *tax;
        throw ApiError("2", "Unknown tax factor '" + line.text("tax_factor") + "'.");
    }
    throw ApiError("2", "Product tax or tax_factor must be set.");
}

// Sending `unit` with a code nobody knows makes a catalogue product: a real surprise for the caller.
const Product& line_product(Ledger& ledger, const Fields& line) {
    if (const auto id = line.id("mk_id")) {
        if (const auto* product = ledger.find_product(*id)) return *product;
        throw ApiError("8", "Product with mk_id " + line.text("mk_id") +
                                " not found - unit must be set to add new product");
    }
    if (const auto count_code = line.text("count_code"); !count_code.empty()) {
        if (const auto* product = ledger.find_product_by_count_code(count_code)) return *product;
    }
    const auto code = line.required("code");
    if (const auto* product = ledger.find_product_by_code(code)) return *product;
    if (line.text("unit").empty()) {
        throw ApiError("8", "Product with code " + code + " not found - unit must be set to add new product");
    }
    Product added;
    added.mk_id = ledger.next_id(Ledger::Kind::kProduct);
    added.count_code = std::to_string(added.mk_id % 10'000'000 + 16'000);
    added.code = code;
    added.name = line.text("name").empty() ? code : line.text("name");
    added.unit = line.text("unit");
    return ledger.insert(std::move(added));
}

Line read_line(Ledger& ledger, const Fields& fields) {
    Line line;
    line.tax = line_tax(fields);
    const auto amount = fields.decimal("amount");
    if (!amount) throw ApiError("2", "Parameter 'amount' is missing.");
    line.amount = *amount;
    const auto net = fields.decimal("price");
    const auto gross = fields.decimal("price_with_tax");
    if (!net && !gross) throw ApiError("2", "Parameter 'price' or 'price_with_tax' is missing.");
    line.gross = !net;
    line.price = net ? *net : *gross;
    line.discount = fields.text("discount");
    const Product& product = line_product(ledger, fields);
    line.product_id = product.mk_id;
    line.code = product.code;
    line.name = fields.text("name").empty() ? product.name : fields.text("name");
    line.unit = product.unit;
    return line;
}

// Without an id a new partner is made, each time. An id alone is refused: the address must be named too.
MkId read_partner(Ledger& ledger, const Fields& fields, MkId& address_id) {
    if (const auto id = fields.id("mk_id")) {
        const auto address = fields.id("mk_address_id");
        if (!address) throw ApiError("2", "Parameter 'mk_address_id' is missing in partner.");
        const auto* partner = ledger.find_partner(*id);
        if (partner == nullptr)
            throw ApiError("2", "Partner with mk_id " + fields.text("mk_id") + " not found.");
        const bool own = std::any_of(partner->addresses.begin(), partner->addresses.end(),
                                     [&](const Address& a) { return a.mk_id == *address; });
        if (!own) throw ApiError("2", "Address with mk_id " + fields.text("mk_address_id") + " not found.");
        address_id = *address;
        return *id;
    }
    Partner added;
    added.customer = fields.required("customer");
    added.mk_id = ledger.next_id(Ledger::Kind::kPartner);
    added.count_code = std::to_string(added.mk_id % 10'000'000 + 50'000);
    added.tax_number = fields.text("tax_id_number");
    added.business_entity = fields.is_true("business_entity");
    Address address;
    address.mk_id = ledger.next_id(Ledger::Kind::kAddress);
    address.type = "Račun";
    address.street = fields.text("street");
    address.post_number = fields.text("post_number");
    address.city = fields.text("place");
    address.country = fields.text("country");
    address_id = address.mk_id;
    added.addresses.push_back(std::move(address));
    return ledger.insert(std::move(added)).mk_id;
}

void read_payments(Document& document, const Fields& body, Date today) {
    for (const auto& entry : body.list("mark_paid")) {
        Payment payment;
        payment.date =
            entry.text("date").empty() ? today : document_date(entry.text("date"), "mark_paid.date");
        payment.amount = entry.decimal("amount").value_or(document.total);
        payment.type = entry.text("payment_type");
        document.payments.push_back(std::move(payment));
    }
    document.settle();
}

// An order raises the reservation, never lowers the amount.
void reserve_stock(Ledger& ledger, const Document& order) {
    for (const auto& line : order.lines) {
        const auto [first, last] = ledger.stock_of(line.product_id);
        const auto begin = ledger.stock.begin();
        const auto at = std::find_if(begin + static_cast<std::ptrdiff_t>(first),
                                     begin + static_cast<std::ptrdiff_t>(last),
                                     [&](const StockRow& row) { return row.warehouse == order.warehouse; });
        if (at != begin + static_cast<std::ptrdiff_t>(last)) {
            at->reserved += line.amount;
        } else if (ledger.find_product(line.product_id) != nullptr) {
            StockRow row;
            row.product_id = line.product_id;
            row.warehouse = order.warehouse;
            row.reserved = line.amount;
            ledger.insert(std::move(row));
        }
    }
}

std::string free_number(Ledger& ledger, DocType type, std::string wanted) {
    const auto taken = [&](const std::string& number) {
        return std::any_of(ledger.documents.begin(), ledger.documents.end(),
                           [&](const Document& d) { return d.type == type && d.count_code == number; });
    };
    // A number already used is not refused: the document silently gets another one.
    while (wanted.empty() || taken(wanted)) wanted = ledger.next_number(type);
    return wanted;
}

Document* replaced_document(Call& call, DocType type) {
    const auto id = call.body.id("mk_id");
    if (!id) return nullptr;
    auto* document = call.ledger.find_document(*id);
    if (document == nullptr || document->type != type) {
        throw ApiError("2", "Cannot find document type " + std::string(doc_type_name(type)) +
                                " with id = " + call.body.text("mk_id") + ".");
    }
    if (document->issued)
        throw ApiError("6", "Document " + document->count_code + " is verified and can't be changed.");
    return document;
}

}  // namespace

std::string put_document(Call& call) {
    auto& ledger = call.ledger;
    const auto& body = call.body;
    const auto type = doc_type_from(body.required("doc_type"));
    if (!type) throw ApiError("2", "Unknown doc_type '" + body.text("doc_type") + "'.");
    static_cast<void>(replaced_document(call, *type));
    Document document;
    document.type = *type;
    document.date =
        body.text("doc_date").empty() ? ledger.today : document_date(body.text("doc_date"), "doc_date");
    document.due = body.text("duo_payment").empty() ? document.date
                                                    : document_date(body.text("duo_payment"), "duo_payment");
    document.profit_center = body.text("profit_center");
    if (!document.profit_center.empty() && document.profit_center != "Profitni center 1") {
        throw ApiError("6", "Profit center '" + document.profit_center + "' doesn't exist.");
    }
    const auto* warehouse = ledger.find_warehouse(body.text("warehouse"));
    document.warehouse = warehouse == nullptr
                             ? ledger.default_warehouse()  // an unknown mark is not reported
                             : static_cast<std::uint32_t>(warehouse - ledger.warehouses.data());
    if (!body.text("currency_code").empty()) document.currency = body.text("currency_code");
    document.title = body.text("title");
    document.notes = body.text("notes");
    document.status_code = body.text("status_code");
    document.buyer_order = body.text("buyer_order");  // customer_order is dropped
    const auto partner = body.object("partner");
    if (!partner) throw ApiError("2", "Parameter 'partner' is missing.");
    const auto lines = body.list("product_list");
    if (lines.empty()) throw ApiError("2", "Parameter 'product_list' is missing.");
    for (const auto& line : lines) document.lines.push_back(read_line(ledger, line));
    document.settle();
    read_payments(document, body, ledger.today);
    document.partner_id = read_partner(ledger, *partner, document.partner_address_id);
    document.receiver_id = document.partner_id;
    MkId receiver_address = 0;
    if (const auto receiver = body.object("receiver"))
        document.receiver_id = read_partner(ledger, *receiver, receiver_address);
    document.changed = now();
    document.created = document.changed;

    if (auto* old = replaced_document(call, *type)) {
        document.mk_id = old->mk_id;
        document.created = old->created;
        document.count_code = old->count_code;
        *old = document;
        ++ledger.version;
    } else {
        document.mk_id = ledger.next_id(Ledger::Kind::kDocument);
        document.count_code = free_number(ledger, *type, body.text("count_code"));
        if (*type == DocType::kOrder) reserve_stock(ledger, document);
        ledger.insert(document);
    }
    call.written = document.mk_id;
    return written_answer(document.mk_id, document.count_code);
}

}  // namespace metakocka::sim
