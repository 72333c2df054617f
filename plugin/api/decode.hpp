// Rows of the ERP's answers as canonical records (design.md §8, "What the fields mean"). A row that can't be
// read becomes a row with a problem, and never takes the rest of its page with it.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "api/wire.hpp"
#include "sync/erp_gateway.hpp"

namespace metakocka::api {

struct PriceChoice {
    Value pricelist;    // count_code; null: the first sales pricelist valid today
    std::string today;  // YYYY-MM-DD in the ledger's time zone
};

sync::ErpRow decode_product(const boost::json::value& row, const PriceChoice& choice);

struct NetPrice {
    Value price;  // net, per unit, of the first quantity step
    Value currency;
    Value tax_rate;  // percent
};
NetPrice choose_price(const boost::json::object& product, const PriceChoice& choice);

// What the wire says of a tax, as a factor ("0.22"): tax_factor, else the percentage in tax_desc or tax.
Value tax_factor_of(const boost::json::object& row);
// `price`, or `price_with_tax` made net. Throws RowProblem when the factor for that is missing.
Value net_price_of(const boost::json::object& row, const Value& tax_factor);

// Of get_partner.
sync::ErpRow decode_partner(const boost::json::value& row);
// The address whose fields a contact shows, of a row of get_partner: the `Račun` one, else the first; null
// when there is none. Throws RowProblem.
const boost::json::object* contact_address(const boost::json::object& partner);
// Of a document, where a partner is flat and shows a part of its fields only.
sync::ErpRow decode_document_partner(const boost::json::object& partner);

// `type` is what was asked for; the document's own doc_type wins.
sync::ErpRow decode_bill(const boost::json::value& row, sync::BillType type);
std::string_view doc_type_of(sync::BillType type);  // "sales_bill_domestic"
// Adds the partner and receiver of a document, each id once.
void collect_partners(const boost::json::value& bill, std::vector<sync::ErpRow>& partners);

// mk_id ↔ mark, from json/warehouse_list.
class Warehouses {
  public:
    explicit Warehouses(const boost::json::object& answer);
    Value mark_of(const std::string& id) const;
    Value id_of(const std::string& mark) const;

  private:
    std::unordered_map<std::string, std::string> marks_;
    std::unordered_map<std::string, std::string> ids_;
};

sync::StockRow decode_stock(const boost::json::value& row, const Warehouses& warehouses);

// Shared by the decoders: runs `fill` on a fresh record and turns what it throws into the row's problem.
template <typename Fill>
sync::ErpRow decode_row(RecordKind kind, std::string_view what, const boost::json::value& row, Fill&& fill) {
    sync::ErpRow result;
    std::string id;
    try {
        if (!row.is_object()) throw RowProblem("a row is not an object");
        const boost::json::object& object = row.get_object();
        id = text(object, "mk_id").value_or("");
        if (id.empty()) throw RowProblem("mk_id: is missing");
        result.record = Record(kind, id);
        fill(object, result.record);
    } catch (const RowProblem& problem) {
        result.record = Record(kind, id);
        result.problem = std::string(what) + (id.empty() ? "" : " " + id) + ": " + problem.what();
    }
    return result;
}

}  // namespace metakocka::api
