#pragma once

#include <boost/json.hpp>

#include "ledger.hpp"

namespace metakocka::sim {

// Random edits such as people make in the ERP, the same for the same seed. Answers what was done:
// [{kind, mkId, action: created|updated|deleted, field}].
boost::json::array mutate(Ledger& ledger, std::size_t count, std::uint64_t seed,
                          const std::vector<std::string>& kinds);

// Removes this share of the products, with their stock. Answers the removed ids.
boost::json::array remove_products(Ledger& ledger, unsigned percent, std::uint64_t seed);

}  // namespace metakocka::sim
