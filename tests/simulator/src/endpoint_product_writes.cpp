#include <algorithm>

#include "endpoints.hpp"

namespace metakocka::sim {
namespace {

constexpr std::string_view kRemove = "$REMOVE_STRING_VALUE$";

void set_text(std::string& value, const Fields& body, std::string_view name) {
    if (auto sent = body.text(name); !sent.empty()) value = std::move(sent);
}

void set_removable(std::string& value, const Fields& body, std::string_view name) {
    set_text(value, body, name);
    if (value == kRemove) value.clear();
}

void set_flag(bool& value, const Fields& body, std::string_view name) {
    if (const auto sent = body.flag(name)) value = *sent;
}

Tax tax_of(const Fields& fields, Tax fallback) {
    if (const auto code = fields.text("tax"); !code.empty()) {
        if (const auto tax = tax_from_code(code)) return *tax;
        if (const auto percent = Decimal::parse(code)) {
            // "220" is 22 %, as in the vendor's example.
            const auto tax = tax_from_percent(*percent);
            if (tax) return *tax;
            if (const auto tenth = tax_from_percent(*percent * Decimal::of(1, 1))) return *tenth;
        }
        throw ApiError("2", "Unknown tax '" + code + "'.");
    }
    if (const auto factor = fields.decimal("tax_factor")) {
        if (const auto tax = tax_from_percent(*factor * Decimal(100))) return *tax;
        throw ApiError("2", "Unknown tax factor '" + fields.text("tax_factor") + "'.");
    }
    return fallback;
}

PriceStep step_of(const Fields& fields, const Pricelist& list) {
    const auto net = fields.decimal("price");
    const auto gross = fields.decimal("price_with_tax");
    // A pricelist is net or gross by itself. The wrong amount is not noticed, the wrong name is.
    if (list.gross && !gross)
        throw ApiError("2", "Pricelist '" + list.count_code + "' needs price_with_tax.");
    if (!list.gross && !net) throw ApiError("2", "Pricelist '" + list.count_code + "' needs price.");
    PriceStep step;
    step.amount_from = fields.decimal("amount_from");
    step.amount_to = fields.decimal("amount_to");
    step.discount = fields.text("discount");
    step.price = list.gross ? *gross : *net;
    return step;
}

void set_pricelist(Product& product, const Fields& fields) {
    const auto count_code = fields.required("count_code");
    auto at = std::find_if(product.pricelists.begin(), product.pricelists.end(),
                           [&](const Pricelist& list) { return list.count_code == count_code; });
    const auto prices = fields.list("price_def");
    if (prices.empty()) return;
    if (at == product.pricelists.end()) {
        Pricelist added;
        added.count_code = count_code;
        added.title = "cenik " + count_code;
        added.gross = !prices.front().has("price");
        at = product.pricelists.insert(product.pricelists.end(), std::move(added));
    }
    Pricelist changed = *at;  // a refused step leaves the pricelist as it was
    changed.steps.clear();
    for (const auto& price : prices) {
        changed.tax = tax_of(price, changed.tax);
        changed.steps.push_back(step_of(price, changed));
    }
    *at = std::move(changed);
}

void apply(Product& product, const Fields& body, const CompanyOptions& options) {
    body.at_most("name", 200);
    body.at_most("code", options.product_code_limit);
    body.at_most("name_desc", 700);
    set_text(product.code, body, "code");
    set_text(product.name, body, "name");
    set_text(product.unit, body, "unit");
    set_removable(product.description, body, "name_desc");
    set_removable(product.barcode, body, "barcode");
    set_flag(product.service, body, "service");
    set_flag(product.sales, body, "sales");
    set_flag(product.purchasing, body, "purchasing");
    set_flag(product.activated, body, "activated");
    set_flag(product.eshop_sync, body, "eshop_sync");
    set_flag(product.work, body, "work");
    if (const auto weight = body.decimal("weight")) product.weight = weight;
    if (const auto height = body.decimal("height")) product.height = height;
    for (const auto& list : body.list("pricelist")) set_pricelist(product, list);
}

Product& selected(Call& call) {
    if (const auto id = call.body.id("mk_id")) {
        if (auto* product = call.ledger.find_product(*id)) return *product;
        throw ApiError("2", "Product with mk_id " + call.body.text("mk_id") + " not found.");
    }
    const auto count_code = call.body.required("count_code");
    if (auto* product = call.ledger.find_product_by_count_code(count_code)) return *product;
    throw ApiError("2", "Product with count_code " + count_code + " not found.");
}

}  // namespace

std::string product_add(Call& call) {
    Product product;
    const auto code = call.body.required("code");
    static_cast<void>(call.body.required("name"));
    static_cast<void>(call.body.required("unit"));
    product.count_code = call.body.text("count_code");
    if (!product.count_code.empty()) {
        const auto* other = call.ledger.find_product_by_count_code(product.count_code);
        if (other != nullptr && (other->code == code || call.ledger.options.count_code_unique)) {
            throw ApiError("6", "Product with count_code " + product.count_code + " and code " + code +
                                    " already exists.");
        }
    }
    product.sales = false;
    product.purchasing = false;
    apply(product, call.body, call.ledger.options);
    product.mk_id = call.ledger.next_id(Ledger::Kind::kProduct);
    if (product.count_code.empty()) product.count_code = std::to_string(product.mk_id % 10'000'000 + 16'000);
    call.written = product.mk_id;
    const auto& stored = call.ledger.insert(std::move(product));
    return written_answer(stored.mk_id, stored.count_code);
}

std::string product_update(Call& call) {
    Product& product = selected(call);
    Product changed = product;
    apply(changed, call.body, call.ledger.options);
    product = std::move(changed);
    ++call.ledger.version;
    call.written = product.mk_id;
    return written_answer(product.mk_id, product.count_code);
}

std::string product_delete(Call& call) {
    const Product& product = selected(call);
    if (call.ledger.product_used(product.mk_id)) {
        throw ApiError("6", "Product " + product.count_code + " is used on documents and can't be deleted.");
    }
    call.written = product.mk_id;
    const auto answer = written_answer(product.mk_id, product.count_code);
    call.ledger.erase_product(call.written);
    return answer;
}

}  // namespace metakocka::sim
