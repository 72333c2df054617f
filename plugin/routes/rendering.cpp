#include "routes/rendering.hpp"

#include <chrono>
#include <cstdio>
#include <sstream>
#include <utility>

#include <date/date.h>

namespace metakocka::routes {

namespace json = boost::json;

std::string format_time(sync::Instant at) {
    const std::chrono::sys_time<std::chrono::microseconds> time{std::chrono::microseconds{at}};
    return date::format("%FT%TZ", std::chrono::floor<std::chrono::milliseconds>(time));
}

json::value to_json_time(sync::Instant at) {
    return at == 0 ? json::value(nullptr) : json::value(format_time(at));
}

std::optional<sync::Instant> parse_time(std::string_view text) {
    std::string normal(text);
    if (!normal.empty() && (normal.back() == 'Z' || normal.back() == 'z')) {
        normal.pop_back();
        normal += "+00:00";
    }
    std::istringstream in(normal);
    std::chrono::sys_time<std::chrono::microseconds> time;
    in >> date::parse("%FT%T%Ez", time);
    if (in.fail() || in.peek() != std::istringstream::traits_type::eof()) return std::nullopt;
    return time.time_since_epoch().count();
}

json::value text_or_null(std::string_view text) {
    return text.empty() ? json::value(nullptr) : json::value(text);
}

json::object to_json(const sync::Run& run) {
    json::object counts{{"records", run.counts.records()}};
    for (std::size_t i = 0; i < run.counts.by_bucket.size(); ++i) {
        counts[sync::to_text(static_cast<sync::Bucket>(i))] = run.counts.by_bucket[i];
    }
    counts["written"] = run.counts.written;
    json::object progress{{"done", run.progress.done},
                          {"total", run.progress.total == 0 ? json::value(nullptr) : run.progress.total},
                          {"phase", text_or_null(run.progress.phase)}};
    return {{"id", run.id},
            {"type", to_text(run.kind)},
            {"mode", sync::to_text(run.mode)},
            {"trigger", sync::to_text(run.trigger)},
            {"state", sync::to_text(run.state)},
            {"queuedAt", to_json_time(run.queued_at)},
            {"startedAt", to_json_time(run.started_at)},
            {"finishedAt", to_json_time(run.finished_at)},
            {"counts", std::move(counts)},
            {"calls", run.calls},
            {"retries", run.retries},
            {"bytes", run.bytes},
            {"progress", std::move(progress)},
            {"error", text_or_null(run.error)},
            {"errorKind", text_or_null(run.error_kind)}};
}

json::object to_json(const store::RunRecord& record) {
    json::array changes;
    for (const auto& change : record.changes) {
        changes.push_back(json::object{{"field", change.field},
                                       {"before", change.before ? json::value(*change.before) : nullptr},
                                       {"after", change.after ? json::value(*change.after) : nullptr}});
    }
    return {{"externalId", text_or_null(record.outcome.erp_id)},
            {"crmId", text_or_null(record.outcome.crm_id)},
            {"bucket", sync::to_text(record.outcome.bucket)},
            {"reason", text_or_null(record.outcome.reason)},
            {"changes", std::move(changes)}};
}

json::object to_json(const store::LogEntry& entry) {
    json::object object{{"id", std::to_string(entry.id)},
                        {"at", to_json_time(entry.at)},
                        {"level", store::to_text(entry.level)},
                        {"type", entry.type ? json::value(to_text(*entry.type)) : nullptr},
                        {"operation", entry.operation},
                        {"run", text_or_null(entry.run_id)},
                        {"message", entry.message}};
    boost::system::error_code error;
    json::value details = entry.details.empty() ? json::value(nullptr) : json::parse(entry.details, error);
    object["details"] = error ? json::value(nullptr) : std::move(details);
    return object;
}

json::object to_json(const schedule::Connection& connection) {
    static constexpr std::array<std::string_view, 5> kStates{"unconfigured", "ok", "auth_failed",
                                                             "unreachable", "paused"};
    return {{"state", kStates[static_cast<std::size_t>(connection.state)]},
            {"checkedAt", to_json_time(connection.checked_at)},
            {"message", text_or_null(connection.message)}};
}

}  // namespace metakocka::routes
