#include "wire_records.hpp"
#include "wire_style.hpp"

namespace metakocka::sim {
namespace {

void write_line(JsonOut& out, const Ledger& ledger, const Document& document, std::size_t index,
                bool tax_factor) {
    const Line& line = document.lines[index];
    WireStyle style(out, document.mk_id * 31 + index, ledger.options.quirks);
    out.open('{');
    if (line.product_id != 0) {
        style.id("mk_id", line.product_id);
        if (const auto* product = ledger.find_product(line.product_id))
            style.text("count_code", product->count_code);
    }
    style.text("code", line.code);
    style.text("name", line.name);
    style.text("unit", line.unit);
    style.decimal("amount", line.amount);
    style.decimal(line.gross ? "price_with_tax" : "price", line.price);
    if (!line.discount.empty()) style.mandatory("discount", line.discount);
    if (const auto percent = tax_percent(line.tax)) {
        style.mandatory("tax", tax_code(line.tax));
        if (tax_factor) {
            style.decimal("tax_factor", *percent * Decimal::of(1, 2));
            style.mandatory("tax_desc", percent->str());
        }
    }
    out.close('}');
}

void write_sums(WireStyle& style, const Document& document) {
    static constexpr std::string_view kNames[] = {"", "sum_tax_ex1", "sum_tax_ex2", "sum_tax_ex3",
                                                  "sum_tax_ex4"};
    style.decimal("sum_basic", document.net);
    if (!document.discount.is_zero()) style.decimal("sum_discount", document.discount);
    for (std::size_t i = 1; i < document.taxes.size(); ++i) style.decimal(kNames[i], document.taxes[i]);
    style.decimal("sum_all", document.total);
    if (!is_bill(document.type)) return;
    if (!document.paid.is_zero()) {
        style.decimal("sum_paid", document.paid);
    } else {
        style.text("sum_paid", mix(document.mk_id) % 3 == 0 ? "0" : "");
    }
}

void write_payments(WireStyle& style, const Document& document) {
    style.list("mark_paid", document.payments.size(), [&](std::size_t i) {
        const auto& payment = document.payments[i];
        style.out().open('{');
        style.mandatory("payment_type", payment.type);
        style.mandatory("date", slovenian(payment.date));
        style.decimal("amount", payment.amount);
        style.mandatory("payment_tip", payment.amount.is_negative() ? "Vračilo" : "Izdatek");
        style.out().close('}');
    });
}

bool shows_last_change(const Ledger& ledger, const Document& document) {
    if (is_bill(document.type)) return ledger.options.bills_last_change_ts;
    return document.type == DocType::kOrder;
}

}  // namespace

void write_document(JsonOut& out, const Ledger& ledger, const Document& document,
                    const DocumentExtras& extras) {
    WireStyle style(out, document.mk_id, ledger.options.quirks);
    out.open('{');
    style.id("mk_id", document.mk_id);
    style.mandatory("doc_type", doc_type_name(document.type));
    out.member("opr_code", "0");
    style.mandatory("count_code", document.count_code);
    style.mandatory("doc_date", iso_with_offset(document.date));
    if (document.issued) style.mandatory("publish_ts", iso_timestamp(document.created));
    style.mandatory("created_ts", iso_timestamp(document.created));
    if (shows_last_change(ledger, document))
        style.mandatory("last_change_ts", iso_timestamp(document.changed));
    out.key("partner");
    write_document_partner(out, ledger, document.partner_id, document.partner_address_id);
    out.key("receiver");
    write_document_partner(out, ledger, document.receiver_id, 0);
    style.mandatory("service_to_date", iso_with_offset(document.date));
    if (is_bill(document.type)) style.mandatory("duo_payment", iso_with_offset(document.due));
    style.mandatory("currency_code", document.currency);
    if (!document.status_code.empty()) {
        style.mandatory("status_code", document.status_code);
        style.mandatory("status_desc", document.status_code);
    }
    style.text("title", document.title);
    style.text("buyer_order", document.buyer_order);
    style.mandatory("warehouse", ledger.warehouses[document.warehouse].mark);
    style.text("notes", document.notes);
    style.text("profit_center", document.profit_center);
    style.list("product_list", document.lines.size(), [&](std::size_t i) {
        write_line(out, ledger, document, i, extras.tax_factor || ledger.options.tax_factor_always);
    });
    write_sums(style, document);
    if (extras.payments && is_bill(document.type)) write_payments(style, document);
    if (document.issued) {
        const auto code = mix(document.mk_id);
        style.mandatory("furs_zoi", "2048f0a369e37b42" + std::to_string(code));
        style.mandatory("furs_eor", "34facd65-622b-745d-a541-" + std::to_string(code % 1'000'000'000'000ULL));
    }
    out.close('}');
}

}  // namespace metakocka::sim
