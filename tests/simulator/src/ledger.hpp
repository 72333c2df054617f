#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "records.hpp"

namespace metakocka::sim {

// Both answers to every question nobody could answer about the real server.
struct CompanyOptions {
    std::string partner_sweep = "everything";  // a one-letter partner_name: everything|capped|nothing
    std::string email_sweep = "everything";    // an "@" as partner_email: the same
    std::size_t sweep_cap = 100;
    bool bills_last_change = false;        // bills accept last_change_from/to
    bool bills_last_change_ts = true;      // bills carry last_change_ts
    std::string product_order = "mk_id";   // mk_id|random|unstable
    std::string document_order = "mk_id";  // mk_id|newest|unstable
    bool stock_reserved = true;            // reserved_amount and free_amount are sent
    bool search_groups = false;            // the searchGroup header opens further lanes for scans
    bool tax_factor_always = true;         // lines carry tax_factor without show_tax_factor
    bool quirks = true;                    // comma decimals, bare objects and so on
    unsigned quota_per_minute = 0;         // 0: no quota
    bool partner_empty_clears = true;      // "" in update_partner clears the field
    std::string address_city = "both";     // what a written list of addresses calls it: both|place|city
    std::size_t product_code_limit = 50;   // characters: one of the vendor's tables says 20
    bool count_code_unique = false;        // product_add refuses a known count_code whatever the code
};

// All records of one company. Plain data: whoever uses it holds the company's lock.
class Ledger {
  public:
    std::uint32_t company = 0;
    std::string secret;
    Date today;
    CompanyOptions options;
    std::vector<Warehouse> warehouses;
    std::vector<Product> products;    // by mk_id
    std::vector<Partner> partners;    // by mk_id
    std::vector<Document> documents;  // by mk_id
    std::vector<StockRow> stock;      // by product, then warehouse
    std::uint64_t version = 0;        // grows with every change

    enum class Kind : std::uint8_t { kWarehouse, kProduct, kPartner, kAddress, kContact, kDocument };
    MkId next_id(Kind kind);
    void reserve_id(MkId id);  // an id taken from outside is never handed out again

    Product* find_product(MkId id);
    const Product* find_product(MkId id) const;
    Product* find_product_by_code(std::string_view code);
    Product* find_product_by_count_code(std::string_view count_code);
    Partner* find_partner(MkId id);
    const Partner* find_partner(MkId id) const;
    Document* find_document(MkId id);
    std::pair<std::size_t, std::size_t> stock_of(MkId product_id) const;  // [first, last) in `stock`
    const Warehouse* find_warehouse(std::string_view mark) const;
    std::uint32_t default_warehouse() const;

    Product& insert(Product product);
    Partner& insert(Partner partner);
    Document& insert(Document document);
    void insert(StockRow row);
    bool product_used(MkId id) const;
    bool partner_used(MkId id) const;
    // Removes it with its stock, as the web application does; documents keep their lines.
    bool erase_product(MkId id);
    bool erase_document(MkId id);

    // A free document number of this type.
    std::string next_number(DocType type);
    // The pricelist the CRM's price comes from: the first sales one valid today, in the ERP's order.
    const Pricelist* chosen_pricelist(const Product& product) const;

  private:
    std::uint64_t next_[6] = {1, 1, 1, 1, 1, 1};
    std::uint64_t numbers_[7] = {0, 0, 0, 0, 0, 0, 0};
};

}  // namespace metakocka::sim
