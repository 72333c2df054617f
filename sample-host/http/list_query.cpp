#include "http/list_query.hpp"

#include "http/problem.hpp"
#include "util/time_text.hpp"

namespace crm::sample {
namespace {

constexpr std::int64_t kMaxLimit = 1000;
constexpr std::size_t kMaxIds = 500;

std::vector<std::int64_t> read_ids(const std::string& text, std::vector<InputError>& errors) {
    std::vector<std::int64_t> out;
    std::size_t start = 0;
    while (start <= text.size()) {
        const std::size_t end = std::min(text.find(',', start), text.size());
        const std::int64_t id = parse_id(std::string_view(text).substr(start, end - start));
        if (id < 0 || out.size() == kMaxIds) {
            errors.push_back({"ids", "must be at most 500 ids separated by commas"});
            return {};
        }
        out.push_back(id);
        start = end + 1;
    }
    return out;
}

}  // namespace

ListFilter read_list_query(const Exchange& exchange) {
    ListFilter filter;
    std::vector<InputError> errors;
    for (const auto& [name, value] : exchange.query()) {
        if (name == "limit") {
            filter.limit = parse_id(value);
            if (filter.limit < 1 || filter.limit > kMaxLimit) errors.push_back({name, "must be 1 to 1000"});
        } else if (name == "after") {
            filter.after = value.empty() ? 0 : parse_id(value);
            if (filter.after < 0) errors.push_back({name, "must be what the last answer gave as next"});
        } else if (name == "q") {
            filter.q = value;
        } else if (name == "active") {
            if (value == "true" || value == "false") {
                filter.active = value == "true";
            } else if (!value.empty()) {
                errors.push_back({name, "must be true or false"});
            }
        } else if (name == "updatedSince") {
            filter.updated_since = parse_rfc3339(value);
            if (!filter.updated_since) errors.push_back({name, "must be a time like 2024-05-01T10:20:30Z"});
        } else if (name == "ids") {
            filter.ids = read_ids(value, errors);
        } else {
            errors.push_back({name, "is unknown"});
        }
    }
    if (!errors.empty()) throw Problem(400, "some parameters are wrong", errors);
    return filter;
}

}  // namespace crm::sample
