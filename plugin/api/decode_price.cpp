// Prices: which of a product's pricelists counts, and from gross to net.
#include "api/decode.hpp"
#include "model/decimal.hpp"

namespace metakocka::api {
namespace {

namespace json = boost::json;

// "22", "22 %", "9,5": nothing when it is a name like "EX4".
Value percentage(const json::object& row, std::string_view name) {
    const Value raw = text(row, name);
    if (!raw) return std::nullopt;
    std::string_view digits = *raw;
    while (!digits.empty() && (digits.back() == '%' || digits.back() == ' ')) digits.remove_suffix(1);
    return decimal::parse_wire(digits);
}

bool is_sales(const json::object& pricelist) {
    // Lists without the member are sales lists in the vendor's examples.
    return !text(pricelist, "sales_purchase").value_or("sales").starts_with("purchas");
}

bool is_valid(const json::object& pricelist, const std::string& today) {
    const Value from = date(pricelist, "valid_from");
    const Value to = date(pricelist, "valid_to");
    return (!from || *from <= today) && (!to || today <= *to);
}

// The step that begins lowest; the first one of several.
void consider(const json::object& step, const json::object*& best, std::string& best_from) {
    const std::string from = number(step, "amount_from").value_or("0");
    if (best != nullptr && decimal::compare(from, best_from) >= 0) return;
    best = &step;
    best_from = from;
}

const json::object& element(const json::value& value, const char* list) {
    if (!value.is_object()) throw RowProblem(std::string(list) + ": an element is not an object");
    return value.get_object();
}

}  // namespace

Value tax_factor_of(const json::object& row) {
    if (Value factor = number(row, "tax_factor")) return factor;
    Value percent = percentage(row, "tax_desc");
    if (!percent) percent = percentage(row, "tax");
    if (!percent) return std::nullopt;
    return decimal::multiply(*percent, "0.01");
}

Value net_price_of(const json::object& row, const Value& tax_factor) {
    if (Value net = number(row, "price")) return net;
    const Value gross = number(row, "price_with_tax");
    if (!gross) return std::nullopt;
    if (!tax_factor) throw RowProblem("tax_factor: is missing, so price_with_tax can't be made net");
    if (decimal::compare(*tax_factor, "-1") <= 0) throw RowProblem("tax_factor: is not above -1");
    return decimal::net_of_gross(*gross, *tax_factor);
}

// A pricelist with quantity steps comes as several elements with one count_code, or as a list in price_def.
NetPrice choose_price(const json::object& product, const PriceChoice& choice) {
    Value chosen = choice.pricelist;
    const json::object* best = nullptr;
    const json::object* best_list = nullptr;
    std::string best_from;
    for (const json::value& value : ListView(product, "pricelist")) {
        const json::object& list = element(value, "pricelist");
        const Value code = text(list, "count_code");
        if (best_list != nullptr || choice.pricelist) {
            if (code != chosen) continue;
        } else if (!is_sales(list)) {
            continue;
        }
        if (best_list != nullptr && is_sales(list) != is_sales(*best_list)) continue;
        if (!is_valid(list, choice.today)) continue;
        for (const json::value& step : ListView(list, "price_def")) {
            const json::object* const before = best;
            consider(element(step, "price_def"), best, best_from);
            if (best != before) best_list = &list;
        }
        if (best_list != nullptr && !choice.pricelist) chosen = text(*best_list, "count_code");
    }
    if (best == nullptr) return {};
    const Value factor = tax_factor_of(*best);
    NetPrice result;
    result.price = net_price_of(*best, factor);
    result.currency = text(*best_list, "currency_code");
    if (!result.currency) result.currency = text(*best, "currency_code");
    if (factor) result.tax_rate = decimal::multiply(*factor, "100");
    return result;
}

}  // namespace metakocka::api
