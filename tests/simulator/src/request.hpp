#pragma once

#include <boost/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "decimal.hpp"
#include "records.hpp"

namespace metakocka::sim {

// The server's refusal: opr_code and opr_desc of the answer.
struct ApiError : std::runtime_error {
    ApiError(std::string code_, const std::string& text) : std::runtime_error(text), code(std::move(code_)) {}
    std::string code;
};

// A JSON object read as leniently as the real server reads it: numbers, booleans and strings are the same.
class Fields {
  public:
    explicit Fields(const boost::json::object& object) : object_(&object) {}

    [[nodiscard]] bool has(std::string_view name) const { return object_->contains(name); }
    [[nodiscard]] std::string text(std::string_view name) const;  // "" when absent or null
    [[nodiscard]] std::string required(std::string_view name) const;
    [[nodiscard]] std::optional<bool> flag(std::string_view name) const;
    [[nodiscard]] bool is_true(std::string_view name) const { return flag(name).value_or(false); }
    [[nodiscard]] std::optional<Decimal> decimal(std::string_view name) const;  // ApiError 2 when malformed
    [[nodiscard]] std::optional<MkId> id(std::string_view name) const;
    // ApiError 2 when the text is longer, counted in UTF-16 units as Java does.
    void at_most(std::string_view name, std::size_t characters) const;
    [[nodiscard]] std::size_t size(std::string_view name, std::size_t fallback) const;
    // A list, or the bare object that stands for a list of one.
    [[nodiscard]] std::vector<Fields> list(std::string_view name) const;
    [[nodiscard]] std::optional<Fields> object(std::string_view name) const;
    [[nodiscard]] const boost::json::object& raw() const { return *object_; }

  private:
    const boost::json::object* object_;
};

std::string text_of(const boost::json::value& value);
std::vector<std::string> split(std::string_view text, char separator);
// Lower case for ASCII and the Slovenian letters: what the server's text search ignores.
std::string folded(std::string_view text);
bool contains_folded(std::string_view text, std::string_view folded_part);

}  // namespace metakocka::sim
