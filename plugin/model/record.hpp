// A canonical record: one thing of the ERP or the CRM in the form both are compared in.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/fwd.hpp>
#include <boost/json/storage_ptr.hpp>

#include "model/kind.hpp"

namespace metakocka {

enum class FieldType {
    kText,       // to the letter; empty is null
    kFlag,       // "true" or "false"
    kDecimal,    // exact, canonical: no exponent, no trailing zeros after the point, "-0" is "0"
    kDate,       // calendar date YYYY-MM-DD
    kReference,  // the ERP id of a record of FieldSpec::target; the CRM's id when written there
    kLines,      // invoice lines: a JSON array in canonical form; productId in it is a reference to products
};

struct FieldSpec {
    std::string_view name;  // as in the CRM's record, design.md §8
    FieldType type;
    RecordKind target = RecordKind::kContacts;  // of a kReference
};

// The synced fields of a kind, in a fixed order. New fields are added at the end.
std::span<const FieldSpec> schema(RecordKind kind);

// Index of a field in schema(kind); throws std::logic_error when there is none.
std::size_t field_index(RecordKind kind, std::string_view name);

using Value = std::optional<std::string>;  // null or text as FieldType says

struct Record {
    RecordKind kind{};
    std::string erp_id;
    bool active = true;
    std::vector<Value> values;  // one per field of schema(kind)

    Record() = default;
    Record(RecordKind record_kind, std::string id);

    Value& at(std::string_view field) { return values[field_index(kind, field)]; }
    const Value& at(std::string_view field) const { return values[field_index(kind, field)]; }

    friend bool operator==(const Record&, const Record&) = default;
};

// 128 bits over the normalised fields: equal records have equal fingerprints, also between runs and versions
// of this module. Keyed, so that a stored fingerprint does not let anyone guess the values.
using Fingerprint = std::array<std::uint8_t, 16>;

class Fingerprinter {
  public:
    explicit Fingerprinter(std::span<const std::uint8_t> key);
    Fingerprint operator()(const Record& record) const;

  private:
    std::vector<std::uint8_t> key_;
};

// {"name": "…", "isCompany": true, "lines": [...]}: the CRM's form of the fields, `active` included.
// References are left as they are in `record`. Built in `memory`, by default on the heap.
boost::json::object to_fields(const Record& record, boost::json::storage_ptr memory = {});

// The reverse; unknown members are ignored, missing ones are null. Throws std::invalid_argument that names
// the field when a value does not have its type.
Record from_fields(RecordKind kind, std::string erp_id, const boost::json::object& fields);

// Compact text for storing: never empty; decode_record(kind, id, encode_record(r)) == r.
std::string encode_record(const Record& record);
Record decode_record(RecordKind kind, std::string erp_id, std::string_view text);

}  // namespace metakocka
