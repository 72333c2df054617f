// The query of a list of records: ?limit=&after=&q=&active=&updatedSince=&ids=
#pragma once

#include "http/exchange.hpp"
#include "records/record_reader.hpp"

namespace crm::sample {

// Throws Problem(400) with every wrong parameter.
ListFilter read_list_query(const Exchange& exchange);

}  // namespace crm::sample
