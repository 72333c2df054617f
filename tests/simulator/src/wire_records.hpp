#pragma once

#include "json_out.hpp"
#include "ledger.hpp"

namespace metakocka::sim {

struct ProductExtras {
    bool pricelist = false, tax_factor = false, stock = false, free_amount = false, reservation = false,
         category = false;
};
void write_product(JsonOut& out, const Ledger& ledger, const Product& product, const ProductExtras& extras);

// The shape of get_partner, with lists of contacts and addresses.
void write_partner(JsonOut& out, const Ledger& ledger, const Partner& partner);
// The flat shape on documents.
void write_document_partner(JsonOut& out, const Ledger& ledger, MkId partner_id, MkId address_id);

struct DocumentExtras {
    bool payments = false, tax_factor = false;
};
void write_document(JsonOut& out, const Ledger& ledger, const Document& document,
                    const DocumentExtras& extras);

void write_warehouse(JsonOut& out, const Ledger& ledger, const Warehouse& warehouse);
void write_stock_row(JsonOut& out, const Ledger& ledger, const StockRow& row);

}  // namespace metakocka::sim
