#include <algorithm>
#include <charconv>

#include "endpoints.hpp"
#include "wire_records.hpp"

namespace metakocka::sim {
namespace {

[[noreturn]] void refuse_unknown(const std::string& type, const std::string& id) {
    throw ApiError("2", "Cannot find document type " + type + " with id = " + id + ".");
}

Document& find(Call& call, std::string_view id_name) {
    const auto type_name = call.body.required("doc_type");
    const auto id_text = call.body.required(id_name);
    const auto type = doc_type_from(type_name);
    if (!type) throw ApiError("2", "Unknown doc_type '" + type_name + "'.");
    auto* document = call.ledger.find_document(call.body.id(id_name).value_or(0));
    if (document == nullptr || document->type != *type) refuse_unknown(type_name, id_text);
    return *document;
}

void release_reservation(Ledger& ledger, const Document& order) {
    for (const auto& line : order.lines) {
        const auto [first, last] = ledger.stock_of(line.product_id);
        for (std::size_t i = first; i < last; ++i) {
            if (ledger.stock[i].warehouse != order.warehouse) continue;
            ledger.stock[i].reserved = std::max(Decimal(), ledger.stock[i].reserved - line.amount);
            break;
        }
    }
}

}  // namespace

std::string get_document(Call& call) {
    const Document& document = find(call, "doc_id");
    JsonOut out;
    write_document(out, call.ledger, document,
                   {call.body.is_true("show_payment_detail"), call.body.is_true("show_tax_factor")});
    return out.take();
}

std::string update_document(Call& call) {
    Document& document = find(call, call.body.has("mk_id") ? "mk_id" : "doc_id");
    // Whatever else is sent for a bill is silently dropped.
    if (const auto status = call.body.text("status_code"); !status.empty()) document.status_code = status;
    if (!is_bill(document.type)) {
        for (const auto& [name, field] : {std::pair{"title", &Document::title},
                                          {"notes", &Document::notes},
                                          {"buyer_order", &Document::buyer_order}}) {
            if (call.body.has(name)) document.*field = call.body.text(name);
        }
        if (call.body.has("mark_paid")) {  // replaces the earlier payments
            document.payments.clear();
            for (const auto& entry : call.body.list("mark_paid")) {
                const auto date = parse_slovenian_date(entry.text("date"));
                document.payments.push_back({date.value_or(call.ledger.today),
                                             entry.decimal("amount").value_or(document.total),
                                             entry.text("payment_type")});
            }
            document.settle();
        }
    }
    document.changed = now();
    ++call.ledger.version;
    call.written = document.mk_id;
    return written_answer(document.mk_id, document.count_code);
}

std::string delete_document(Call& call) {
    const Document& document = find(call, call.body.has("mk_id") ? "mk_id" : "doc_id");
    if (document.issued)
        throw ApiError("6", "Document " + document.count_code + " is verified and can't be deleted.");
    if (document.type == DocType::kOrder) release_reservation(call.ledger, document);
    call.written = document.mk_id;
    const auto answer = written_answer(document.mk_id, document.count_code);
    call.ledger.erase_document(call.written);
    return answer;
}

std::string put_transaction(Call& call) {
    const auto type = call.body.required("doc_type");
    if (type != "bill" && type != "sales_offer") throw ApiError("2", "Unknown doc_type '" + type + "'.");
    const auto matches = [&](const Document& document) {
        return type == "bill" ? is_bill(document.type) : document.type == DocType::kOffer;
    };
    Document* document = nullptr;
    if (const auto id = call.body.id("mk_id")) {
        document = call.ledger.find_document(*id);
        if (document != nullptr && !matches(*document)) document = nullptr;
    } else {
        const auto number = call.body.required("count_code");
        for (auto& candidate : call.ledger.documents) {
            if (candidate.count_code == number && matches(candidate)) document = &candidate;
        }
    }
    if (document == nullptr) refuse_unknown(type, call.body.text("mk_id"));
    const auto date_text = call.body.required("date");
    const auto date = parse_iso_date(std::string_view(date_text).substr(0, 10));
    if (!date) throw ApiError("6", "Not valid date for date");
    const auto price = call.body.decimal("price");
    if (!price) throw ApiError("2", "Parameter 'price' is missing.");
    if ((document->paid + *price).abs() > document->total.abs()) {
        throw ApiError("6",
                       "Payment is greater than the open amount of document " + document->count_code + ".");
    }
    const bool back = call.body.text("payment_mode") == "return";
    document->payments.push_back({*date, back ? Decimal() - *price : *price, call.body.text("payment_type")});
    document->settle();
    document->changed = now();
    ++call.ledger.version;
    call.written = document->mk_id;
    return R"({"opr_code":"0","opr_time_ms":"33"})";
}

}  // namespace metakocka::sim
