#include <algorithm>
#include <array>

#include "api/decode.hpp"
#include "model/decimal.hpp"
#include "model/fields.hpp"
#include "model/lines.hpp"

namespace metakocka::api {
namespace {

namespace json = boost::json;
using F = fields::Invoice;

constexpr std::array<std::string_view, 5> kDocTypes{"sales_bill_domestic", "sales_bill_foreign",
                                                    "sales_bill_retail", "sales_bill_prepaid",
                                                    "sales_bill_credit_note"};
constexpr std::string_view kBillPrefix = "sales_bill_";

// "domestic", …; orders and offers are never invoices.
std::string kind_of(const json::object& bill, sync::BillType asked) {
    const std::string type = text(bill, "doc_type").value_or(std::string(doc_type_of(asked)));
    if (std::find(kDocTypes.begin(), kDocTypes.end(), type) == kDocTypes.end()) {
        throw RowProblem("doc_type: " + quoted(type) + " is not a bill");
    }
    return type.substr(kBillPrefix.size());
}

std::string sum_of_taxes(const json::object& bill) {
    std::string sum = "0";
    for (const auto& member : bill) {
        const std::string_view name = member.key();
        if (!name.starts_with("sum_tax_")) continue;
        if (const Value part = number(bill, name)) sum = decimal::add(sum, *part);
    }
    return sum;
}

// The ERP's own word where it has one; else from the sums, whose signs are those of the bill.
std::string status_of(const json::object& bill, const Value& total, const std::string& paid) {
    const std::string said = text(bill, "payment_status").value_or("");
    if (said == "paid" || said == "partly_paid" || said == "unpaid") return said;
    if (text(bill, "sum_full_paid_when")) return "paid";
    if (total && decimal::compare(decimal::absolute(paid), decimal::absolute(*total)) >= 0) return "paid";
    return decimal::is_zero(paid) ? "unpaid" : "partly_paid";
}

Value discount_of(const json::object& row) {
    const Value raw = text(row, "discount");
    if (!raw) return std::nullopt;
    auto percent = decimal::combine_discounts(*raw);
    if (!percent) throw RowProblem("discount: " + quoted(*raw) + " is not a discount");
    return percent;
}

InvoiceLine line_of(const json::object& row) {
    const Value factor = tax_factor_of(row);
    InvoiceLine line;
    line.product_id = text(row, "mk_id");
    line.code = text(row, "code");
    line.name = text(row, "name");
    line.quantity = number(row, "amount");
    line.unit = text(row, "unit");
    line.price = net_price_of(row, factor);
    line.discount = discount_of(row);
    if (factor) line.tax_rate = decimal::multiply(*factor, "100");
    return line;
}

std::string lines_of(const json::object& bill) {
    const ListView rows(bill, "product_list");
    std::vector<InvoiceLine> lines;
    lines.reserve(rows.size());
    for (const json::value& row : rows) {
        const std::string place = "line " + std::to_string(lines.size() + 1) + ": ";
        if (!row.is_object()) throw RowProblem(place + "is not an object");
        try {
            lines.push_back(line_of(row.get_object()));
        } catch (const RowProblem& problem) {
            throw RowProblem(place + problem.what());
        }
    }
    return to_text(lines);
}

void refuse_failed(const json::object& bill) {
    const Value code = scalar_or_null(bill, "opr_code");  // documents in a search carry one each
    if (code && *code != "0") throw RowProblem("opr_code: Metakocka could not read it (" + *code + ")");
}

void fill_bill(const json::object& bill, sync::BillType asked, Record& record) {
    refuse_failed(bill);
    auto& values = record.values;
    values[F::kNumber] = text(bill, "count_code");
    values[F::kKind] = kind_of(bill, asked);
    values[F::kDate] = date(bill, "doc_date");
    values[F::kDueDate] = date(bill, "duo_payment");
    if (const json::object* const partner = child(bill, "partner"))
        values[F::kContactId] = text(*partner, "mk_id");
    values[F::kCurrency] = text(bill, "currency_code");
    values[F::kNet] = number(bill, "sum_basic");
    values[F::kTax] = sum_of_taxes(bill);
    values[F::kTotal] = number(bill, "sum_all");
    std::string paid = number(bill, "sum_paid").value_or("0");
    values[F::kStatus] = status_of(bill, values[F::kTotal], paid);
    values[F::kPaid] = std::move(paid);
    values[F::kLines] = lines_of(bill);
}

}  // namespace

std::string_view doc_type_of(sync::BillType type) {
    return kDocTypes[static_cast<std::size_t>(type)];
}

sync::ErpRow decode_bill(const json::value& row, sync::BillType type) {
    return decode_row(RecordKind::kInvoices, "bill", row,
                      [type](const json::object& bill, Record& record) { fill_bill(bill, type, record); });
}

void collect_partners(const json::value& bill, std::vector<sync::ErpRow>& partners) {
    if (!bill.is_object()) return;
    for (const char* const role : {"partner", "receiver"}) {
        const json::value* const found = bill.get_object().if_contains(role);
        if (found == nullptr || !found->is_object()) continue;
        sync::ErpRow row = decode_document_partner(found->get_object());
        if (row.record.erp_id.empty()) continue;  // nothing to look it up by
        const bool known = std::any_of(partners.begin(), partners.end(), [&row](const sync::ErpRow& other) {
            return other.record.erp_id == row.record.erp_id;
        });
        if (!known) partners.push_back(std::move(row));
    }
}

}  // namespace metakocka::api
