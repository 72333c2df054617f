#include "wire_records.hpp"
#include "wire_style.hpp"

namespace metakocka::sim {

void write_warehouse(JsonOut& out, const Ledger& ledger, const Warehouse& warehouse) {
    WireStyle style(out, warehouse.mk_id, ledger.options.quirks);
    out.open('{');
    style.id("mk_id", warehouse.mk_id);
    style.mandatory("mark", warehouse.mark);
    style.mandatory("name", warehouse.name);
    style.flag("same_address_as_company", false);
    style.flag("main_warehouse", warehouse.main);
    style.mandatory("street", "čebuljeva 19");
    style.mandatory("post", "1000");
    style.mandatory("place", "Komenda");
    style.mandatory("country", "Slovenija");
    style.flag("include_in_stock_info", warehouse.in_stock_info);
    style.flag("active", warehouse.active);
    style.mandatory("warehouse_type", "normal");
    out.close('}');
}

void write_stock_row(JsonOut& out, const Ledger& ledger, const StockRow& row) {
    const auto& warehouse = ledger.warehouses[row.warehouse];
    WireStyle style(out, row.product_id * 7 + row.warehouse + hash_text(row.lot), ledger.options.quirks);
    out.open('{');
    style.id("warehouse_id", warehouse.mk_id);
    style.id("mk_id", row.product_id);
    if (const auto* product = ledger.find_product(row.product_id)) {
        style.mandatory("count_code", product->count_code);
        style.text("code", product->code);
        style.mandatory("title", product->name);
        style.mandatory("unit", product->unit);
    }
    style.decimal("amount", row.amount);
    if (ledger.options.stock_reserved) {
        style.decimal("reserved_amount", row.reserved);
        style.decimal("free_amount", row.amount - row.reserved);
    }
    if (!row.lot.empty()) style.mandatory("lot_number", row.lot);
    if (!row.serial.empty()) style.mandatory("serial_number", row.serial);
    if (!row.microlocation.empty()) style.mandatory("microlocation", row.microlocation);
    if (row.expires) style.mandatory("exp_date", iso_with_offset(*row.expires));
    out.close('}');
}

}  // namespace metakocka::sim
