// Canonical records as bodies of the ERP's write calls, the reverse of decode.hpp: what is written here reads
// back as the same record (metakocka-api.md §4, §5). Values are strings, as everywhere on this wire. Without
// the credentials, which the caller adds.
#pragma once

#include <boost/json/object.hpp>

#include "model/record.hpp"

namespace metakocka::api {

// Of add_partner: {"partner": {…}}, nulls left out.
boost::json::object encode_new_partner(const Record& wanted);

struct PartnerChange {
    boost::json::object body;  // of update_partner; empty when there is nothing to send
    // A first contact person hangs on an address, and the partner has none: this request makes one. Read the
    // partner again and encode once more.
    bool incomplete = false;
};

// What makes `row`, the partner as get_partner gave it, into `wanted`: only what differs. What can't be
// expressed is left out: a flag without a value; a contact person or address without an id; clearing what
// several contact persons have, because the next one's would appear instead. Throws RowProblem for a row that
// decode_partner has a problem with.
PartnerChange encode_partner_change(const boost::json::object& row, const Record& wanted);

// Of product_add. The code is sent as count_code too, so that the ERP itself refuses a second one: it refuses
// pairs of the two.
boost::json::object encode_new_product(const Record& wanted);

// Of product_update, by mk_id, so that nothing is ever made by it; empty when there is nothing to send. What
// the ERP does not write or can't clear is left out.
boost::json::object encode_product_change(const Record& expected, const Record& wanted);

}  // namespace metakocka::api
