#include "wire_records.hpp"
#include "wire_style.hpp"

namespace metakocka::sim {
namespace {

void write_price(WireStyle& style, const Pricelist& list, const PriceStep& step, bool tax_factor) {
    style.out().open('{');
    if (step.amount_from) style.decimal("amount_from", step.amount_from);
    if (step.amount_to) style.decimal("amount_to", step.amount_to);
    style.decimal(list.gross ? "price_with_tax" : "price", step.price);
    if (!step.discount.empty()) style.mandatory("discount", step.discount);
    if (const auto percent = tax_percent(list.tax)) {
        style.mandatory("tax", tax_code(list.tax));
        style.mandatory("tax_desc", percent->str());
        if (tax_factor) style.decimal("tax_factor", *percent * Decimal::of(1, 2));
    }
    style.out().close('}');
}

// One entry of `pricelist`: either one quantity step, or all of them in `price_def`.
void write_pricelist(WireStyle& style, const Pricelist& list, std::optional<std::size_t> only_step,
                     bool tax_factor) {
    JsonOut& out = style.out();
    out.open('{');
    style.mandatory("count_code", list.count_code);
    style.mandatory("title", list.title);
    const std::size_t count = only_step ? 1 : list.steps.size();
    style.list("price_def", count, [&](std::size_t i) {
        write_price(style, list, list.steps[only_step ? *only_step : i], tax_factor);
    });
    if (list.valid_from) style.mandatory("valid_from", iso_with_offset(*list.valid_from));
    if (list.valid_to) style.mandatory("valid_to", iso_with_offset(*list.valid_to));
    style.mandatory("sales_purchase", list.sales ? "sales" : "purchase");
    style.mandatory("currency_code", list.currency);
    style.mandatory("pricelist_type", list.gross ? "price_with_tax" : "price");
    if (!list.buyer.empty()) style.mandatory("buyer", list.buyer);
    out.close('}');
}

void write_pricelists(WireStyle& style, const Product& product, bool tax_factor) {
    // The vendor's examples repeat the pricelist for every quantity step; one call takes them as a list in
    // price_def. Both occur here.
    const bool repeat = mix(product.mk_id) % 2 == 0;
    std::vector<std::pair<const Pricelist*, std::optional<std::size_t>>> entries;
    for (const auto& list : product.pricelists) {
        if (!repeat || list.steps.size() == 1) {
            entries.emplace_back(&list, std::nullopt);
            continue;
        }
        for (std::size_t i = 0; i < list.steps.size(); ++i) entries.emplace_back(&list, i);
    }
    style.list("pricelist", entries.size(), [&](std::size_t i) {
        write_pricelist(style, *entries[i].first, entries[i].second, tax_factor);
    });
}

void write_amounts(WireStyle& style, const Ledger& ledger, const Product& product,
                   const ProductExtras& extras) {
    const auto [first, last] = ledger.stock_of(product.mk_id);
    Decimal amount;
    Decimal reserved;
    for (std::size_t i = first; i < last; ++i) {
        amount += ledger.stock[i].amount;
        reserved += ledger.stock[i].reserved;
    }
    if (extras.stock) style.decimal("amount", amount);  // 0 even when never stocked
    if (extras.free_amount) style.decimal("free_amount", amount - reserved);
    if (extras.stock) {
        style.list("amount_detail", last - first, [&](std::size_t i) {
            const auto& row = ledger.stock[first + i];
            const auto& warehouse = ledger.warehouses[row.warehouse];
            style.out().open('{');
            style.mandatory("warehouse_mark", warehouse.mark);
            style.mandatory("warehouse_name", warehouse.name);
            if (!row.serial.empty()) style.mandatory("serial_number", row.serial);
            if (!row.lot.empty()) style.mandatory("lot_number", row.lot);
            if (!row.microlocation.empty()) style.mandatory("microlocation", row.microlocation);
            if (row.expires) style.mandatory("exp_date", iso_with_offset(*row.expires));
            style.decimal("amount", row.amount);
            style.out().close('}');
        });
    }
    if (extras.reservation) {
        style.list("reservation_detail", last - first, [&](std::size_t i) {
            const auto& row = ledger.stock[first + i];
            style.out().open('{');
            style.mandatory("warehouse_mark", ledger.warehouses[row.warehouse].mark);
            style.decimal("amount", row.reserved);
            style.out().close('}');
        });
    }
}

}  // namespace

void write_product(JsonOut& out, const Ledger& ledger, const Product& product, const ProductExtras& extras) {
    WireStyle style(out, product.mk_id, ledger.options.quirks);
    out.open('{');
    style.mandatory("count_code", product.count_code);
    style.id("mk_id", product.mk_id);
    style.text("code", product.code);
    style.text("barcode", product.barcode);
    style.mandatory("name", product.name);
    style.text("name_desc", product.description);
    style.mandatory("unit", product.unit);
    style.flag("service", product.service);
    style.flag("sales", product.sales);
    style.flag("activated", product.activated);
    style.flag("purchasing", product.purchasing);
    style.flag("eshop_sync", product.eshop_sync);
    style.decimal("height", product.height);
    style.decimal("weight", product.weight);
    style.list("localization", product.localization.size(), [&](std::size_t i) {
        out.open('{');
        out.member("language", product.localization[i].first).member("name", product.localization[i].second);
        out.close('}');
    });
    style.flag("asset", false);
    style.flag("compound", false);
    style.flag("norm", false);
    style.flag("work", product.work);
    style.flag("serial_numbers", false);
    style.flag("lot_numbers", false);
    style.flag("expiration_dates", false);
    if (mix(product.mk_id) % 50 == 0) out.member("koli_package_amount", "24");  // a field nobody announced
    if (extras.pricelist) write_pricelists(style, product, extras.tax_factor);
    if (extras.stock || extras.free_amount || extras.reservation)
        write_amounts(style, ledger, product, extras);
    if (extras.category) {
        style.list("category_tree_list", product.category.empty() ? 0 : 1,
                   [&](std::size_t) { out.open('{').member("category", product.category).close('}'); });
    }
    out.close('}');
}

}  // namespace metakocka::sim
