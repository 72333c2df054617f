#pragma once

#include <cstddef>
#include <cstdint>

#include "ledger.hpp"
#include "random.hpp"

namespace metakocka::sim {

struct Sizes {
    std::size_t products = 500;
    std::size_t partners = 200;
    std::size_t invoices = 300;
    std::size_t stock_rows = 750;
};

// The same seed, company and sizes always give the same records, on any machine.
Ledger generate_ledger(std::uint32_t company, const Sizes& sizes, std::uint64_t seed, Date today);

// The parts, also used to make single new records later. `number` only feeds names and codes.
Product generate_product(Ledger& ledger, Random& random, std::size_t number);
Partner generate_partner(Ledger& ledger, Random& random, std::size_t number);
Document generate_document(Ledger& ledger, Random& random, DocType type, Date date);
void generate_stock(Ledger& ledger, Random& random, std::size_t rows);

}  // namespace metakocka::sim
