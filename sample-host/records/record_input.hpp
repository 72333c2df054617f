// From a request's JSON object to what a RecordWriter takes.
#pragma once

#include <boost/json/object.hpp>

#include "records/record_writer.hpp"

namespace crm::sample {

// Reads a kind's fields and `active`. Unknown names are errors, unless they are among `also_allowed`.
RecordInput read_input(const Kind& kind, const boost::json::object& fields, ReadContext& context,
                       std::initializer_list<std::string_view> also_allowed);

// Adds errors for required fields that are missing or null.
void require_fields(const Kind& kind, const RecordInput& input, ReadContext& context);

}  // namespace crm::sample
