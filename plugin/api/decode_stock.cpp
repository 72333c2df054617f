#include "api/decode.hpp"

namespace metakocka::api {
namespace {

namespace json = boost::json;

// Rows carry the warehouse's id, its mark, or both.
void fill_warehouse(const json::object& row, const Warehouses& warehouses, sync::StockRow& stock) {
    const Value id = text(row, "warehouse_id");
    Value mark = text(row, "warehouse_mark");
    if (id) {
        stock.warehouse_id = *id;
        if (!mark) mark = warehouses.mark_of(*id);
    } else if (mark) {
        stock.warehouse_id = warehouses.id_of(*mark).value_or("");
    }
    if (stock.warehouse_id.empty()) throw RowProblem("warehouse_id: is missing");
    if (!mark)
        throw RowProblem("warehouse_id: " + quoted(stock.warehouse_id) + " is not in the warehouse list");
    stock.warehouse = *mark;
}

void fill_stock(const json::object& row, const Warehouses& warehouses, sync::StockRow& stock) {
    stock.product_id = text(row, "mk_id").value_or("");
    if (stock.product_id.empty()) throw RowProblem("mk_id: is missing");
    fill_warehouse(row, warehouses, stock);
    const Value amount = number(row, "amount");
    if (!amount) throw RowProblem("amount: is missing");
    stock.amount = *amount;
    stock.reserved = number(row, "reserved_amount");
    stock.free = number(row, "free_amount");
}

}  // namespace

Warehouses::Warehouses(const json::object& answer) {
    for (const json::value& value : ListView(answer, "warehouse_list")) {
        if (!value.is_object()) continue;
        const Value id = scalar_or_null(value.get_object(), "mk_id");
        const Value mark = scalar_or_null(value.get_object(), "mark");
        if (!id || !mark) continue;
        marks_.emplace(*id, *mark);
        ids_.emplace(*mark, *id);
    }
}

Value Warehouses::mark_of(const std::string& id) const {
    const auto found = marks_.find(id);
    return found == marks_.end() ? Value() : found->second;
}

Value Warehouses::id_of(const std::string& mark) const {
    const auto found = ids_.find(mark);
    return found == ids_.end() ? Value() : found->second;
}

sync::StockRow decode_stock(const json::value& row, const Warehouses& warehouses) {
    sync::StockRow stock;
    try {
        if (!row.is_object()) throw RowProblem("a row is not an object");
        fill_stock(row.get_object(), warehouses, stock);
    } catch (const RowProblem& problem) {
        stock.problem =
            "stock of product " + (stock.product_id.empty() ? "?" : stock.product_id) + ": " + problem.what();
    }
    return stock;
}

}  // namespace metakocka::api
