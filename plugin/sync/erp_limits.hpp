// What the ERP takes and what it refuses by itself, known before anything is sent.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "model/record.hpp"
#include "sync/plan.hpp"

namespace metakocka::sync {

// Of contacts and products; nothing of the other kinds. A product's price, currency and tax belong to its
// pricelists and are not written. Flags and numbers can't be cleared: leaving them out keeps them. Whether
// the ERP clears a contact's text is open; the update says so when it did not.
ErpAbilities erp_abilities(RecordKind kind);

// Whether both are the same to somebody who writes: in `active` and all writable fields.
bool same_to_writer(const Record& one, const Record& two);

struct FieldProblem {
    std::size_t field = 0;  // in schema(kind)
    std::string text;       // for people: the field, what is wrong and the limit
};

// What keeps `wanted` from being written. `erp` is what the ERP has now, null for a new record: what it has
// already is not judged, so that a name which the ERP's own users made too long never blocks a new phone.
std::vector<FieldProblem> check_limits(const Record& wanted, const Record* erp);

// The same in one sentence; "" when nothing is wrong.
std::string beyond_limits(const Record& wanted, const Record* erp);

// Characters as the ERP counts them: UTF-16 units, as Java does, so a letter like č is one and an emoji two.
// Where its database counts code points, this errs on the safe side.
std::size_t length_in_erp(std::string_view utf8);

// In a product's text this word clears the field, so it can't be a value.
inline constexpr std::string_view kRemoveMarker = "$REMOVE_STRING_VALUE$";

}  // namespace metakocka::sync
