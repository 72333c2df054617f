// Fields that mean something only together: one side's street with the other side's city would be nobody's
// address. A group is merged as one.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "model/kind.hpp"

namespace metakocka::sync {

// Positions in schema(kind).
using FieldGroup = std::vector<std::size_t>;

// Every field of the kind is in exactly one group.
const std::vector<FieldGroup>& field_groups(RecordKind kind);

}  // namespace metakocka::sync
