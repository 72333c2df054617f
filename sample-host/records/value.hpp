// One field's value on its way into the database, and how JSON becomes one.
#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "records/kind.hpp"

namespace crm::sample {

// Null, a number (booleans and ids), or text that lives in the parsed request or in an Arena.
using Value = std::variant<std::monostate, std::int64_t, std::string_view>;

// Keeps texts that were made while reading, at a fixed address.
using Arena = std::deque<std::string>;

struct InputError {
    std::string path;
    std::string message;
};

// Answers whether a record exists, so that nothing dangling is written.
class IReferences {
  public:
    virtual ~IReferences() = default;
    virtual bool exists(std::string_view kind, std::int64_t id) = 0;
};

// What reading a request needs: where texts live, what exists, and where complaints go.
struct ReadContext {
    Arena& arena;
    IReferences& references;
    std::vector<InputError>& errors;
};

// Reads and checks one field. Empty text is null. On trouble an error is added and the result is null.
Value read_value(const Field& field, const boost::json::value& json, const std::string& path,
                 ReadContext& context);

// The id a record's text means, or -1.
std::int64_t parse_id(std::string_view text);
// True when both are the same number, whatever their trailing zeros ("10" and "10.00").
bool same_decimal(std::string_view a, std::string_view b);

}  // namespace crm::sample
