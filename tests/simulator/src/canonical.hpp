#pragma once

#include <boost/json.hpp>

#include "ledger.hpp"

namespace metakocka::sim {

// The plain truth of each record, for tests to compare the CRM against. It is written from the records
// themselves and shares no code with the answers on the wire: plain decimals, real booleans, null for
// nothing.
boost::json::object canonical(const Ledger& ledger, const Product& product);
boost::json::object canonical(const Ledger& ledger, const Partner& partner);
boost::json::object canonical(const Ledger& ledger, const Document& document);
boost::json::object canonical(const Warehouse& warehouse);

struct StockKey {
    MkId product_id;
    std::uint32_t warehouse;
};
// Lots, serial numbers and microlocations added up.
boost::json::object canonical_stock(const Ledger& ledger, const StockKey& key);
std::vector<StockKey> stock_keys(const Ledger& ledger);

// Changes a record to what the plain JSON says; fields not named stay. Throws std::invalid_argument.
void apply_plain(Ledger& ledger, Product& product, const boost::json::object& json);
void apply_plain(Ledger& ledger, Partner& partner, const boost::json::object& json);
void apply_plain(Ledger& ledger, Document& document, const boost::json::object& json);
void apply_plain_stock(Ledger& ledger, const StockKey& key, const boost::json::object& json);

}  // namespace metakocka::sim
