#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "decimal.hpp"
#include "json_out.hpp"
#include "random.hpp"
#include "records.hpp"

namespace metakocka::sim {

// How one record is spelled on the wire. The real server mixes spellings; here the record's id and the
// field's name choose among them, so that the same record looks the same in every answer.
class WireStyle {
  public:
    WireStyle(JsonOut& out, std::uint64_t record, bool quirks)
        : out_(out), record_(mix(record)), quirks_(quirks) {}

    void text(std::string_view name, std::string_view value);  // empty: absent, "" or null
    void mandatory(std::string_view name, std::string_view value) { out_.member(name, value); }
    void id(std::string_view name, MkId value);
    void flag(std::string_view name, bool value);
    void decimal(std::string_view name, const Decimal& value);
    void decimal(std::string_view name, const std::optional<Decimal>& value) {
        if (value) decimal(name, *value);
    }
    void integer(std::string_view name, std::int64_t value) { out_.member(name, std::to_string(value)); }

    // A list of `size` elements: `element(i)` writes the i-th. One element may stand bare, none may be
    // absent,
    // "" or null.
    template <typename Element>
    void list(std::string_view name, std::size_t size, Element&& element) {
        const auto roll = dice(name);
        if (size == 0) {
            if (roll < 40) return;
            out_.key(name).raw(roll < 60 ? "\"\"" : roll < 80 ? "null" : "[]");
            return;
        }
        out_.key(name);
        const bool bare = size == 1 && quirks_ && roll < 50;
        if (!bare) out_.open('[');
        for (std::size_t i = 0; i < size; ++i) element(i);
        if (!bare) out_.close(']');
    }

    JsonOut& out() { return out_; }

  private:
    unsigned dice(std::string_view name) const {
        return quirks_ ? static_cast<unsigned>(hash_text(name, record_) % 100) : 99;
    }

    JsonOut& out_;
    std::uint64_t record_;
    bool quirks_;
};

}  // namespace metakocka::sim
