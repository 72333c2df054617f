// The lines of an invoice in canonical form: one text per list, so that equal lists are equal texts.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/fwd.hpp>

#include "model/record.hpp"

namespace metakocka {

struct InvoiceLine {
    Value product_id;  // a reference to products
    Value code;
    Value name;
    Value quantity;  // the last four are canonical decimals
    Value unit;
    Value price;
    Value discount;
    Value tax_rate;

    friend bool operator==(const InvoiceLine&, const InvoiceLine&) = default;
};

// The text of a kLines value: always the same members in the same order, null where there is nothing.
std::string to_text(const std::vector<InvoiceLine>& lines);

// The lines of such a text or of a CRM's array. Throws std::invalid_argument that names the member.
std::vector<InvoiceLine> parse_lines(const boost::json::array& array);
std::vector<InvoiceLine> parse_lines(std::string_view text);

}  // namespace metakocka
