// Query parameters with a meaning; each throws Problem(400) that names the parameter.
#pragma once

#include <optional>

#include "model/kind.hpp"
#include "routes/rendering.hpp"
#include "routes/router.hpp"

namespace metakocka::routes {

[[noreturn]] inline void refuse(const std::string& path, const std::string& message) {
    throw Problem{400, "Bad Request", "Nothing was changed.", {{path, message}}, {}};
}

inline std::size_t asked_limit(const Request& request, std::size_t usual, std::size_t most) {
    const auto text = request.asked("limit");
    if (!text) return usual;
    std::size_t limit = 0;
    for (const char c : *text) {
        if (c < '0' || c > '9' || limit > most) refuse("limit", "must be 1 to " + std::to_string(most));
        limit = limit * 10 + static_cast<std::size_t>(c - '0');
    }
    if (limit < 1 || limit > most) refuse("limit", "must be 1 to " + std::to_string(most));
    return limit;
}

inline std::optional<RecordKind> asked_kind(const Request& request) {
    const auto text = request.asked("type");
    if (!text) return std::nullopt;
    const auto kind = parse_kind(*text);
    if (!kind) refuse("type", "must be contacts, products, invoices or inventory");
    return kind;
}

inline std::optional<sync::Instant> asked_time(const Request& request, const std::string& name) {
    const auto text = request.asked(name);
    if (!text) return std::nullopt;
    const auto time = parse_time(*text);
    if (!time) refuse(name, "must be a time like 2026-11-24T08:00:00Z");
    return time;
}

}  // namespace metakocka::routes
