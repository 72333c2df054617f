// The JSON forms of design.md §7.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <boost/json.hpp>

#include "schedule/scheduler.hpp"
#include "store/log_book.hpp"
#include "store/run_log.hpp"

namespace metakocka::routes {

// RFC 3339 in UTC with milliseconds; 0 is null.
boost::json::value to_json_time(sync::Instant at);
std::string format_time(sync::Instant at);
// The reverse, any offset; nothing when it is not RFC 3339.
std::optional<sync::Instant> parse_time(std::string_view text);

boost::json::object to_json(const sync::Run& run);
boost::json::object to_json(const store::RunRecord& record);
boost::json::object to_json(const store::LogEntry& entry);
boost::json::object to_json(const schedule::Connection& connection);

// "" is null.
boost::json::value text_or_null(std::string_view text);

// {"items", "next"}.
template <class Item>
boost::json::object to_json(const store::Page<Item>& page) {
    boost::json::array items;
    items.reserve(page.items.size());
    for (const auto& item : page.items) items.push_back(to_json(item));
    return {{"items", std::move(items)},
            {"next", page.next ? boost::json::value(*page.next) : boost::json::value(nullptr)}};
}

}  // namespace metakocka::routes
