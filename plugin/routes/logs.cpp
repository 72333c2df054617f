#include "routes/logs.hpp"

#include "routes/asked.hpp"
#include "routes/csv.hpp"
#include "routes/rendering.hpp"
#include "store/error.hpp"

namespace metakocka::routes {

namespace {

namespace json = boost::json;

constexpr std::size_t kUsualLimit = 100;
constexpr std::size_t kMostLimit = 1000;
constexpr std::size_t kPiece = 64UL * 1024;

store::LogFilter asked_filter(const Request& request) {
    store::LogFilter filter;
    filter.type = asked_kind(request);
    if (const auto level = request.asked("level")) {
        filter.level = store::parse_level(*level);
        if (!filter.level) refuse("level", "must be debug, info, warning or error");
    }
    filter.operation = request.asked("operation").value_or("");
    filter.run_id = request.asked("run").value_or("");
    filter.q = request.asked("q").value_or("");
    filter.from = asked_time(request, "from");
    filter.to = asked_time(request, "to");
    return filter;
}

std::string csv_line(const store::LogEntry& entry) {
    return csv_field(format_time(entry.at)) + ',' + csv_field(store::to_text(entry.level)) + ',' +
           csv_field(entry.type ? to_text(*entry.type) : "") + ',' + csv_field(entry.operation) + ',' +
           csv_field(entry.run_id) + ',' + csv_field(entry.message) + "\r\n";
}

}  // namespace

void Logs::list(const Request& request, Reply& reply) {
    const auto filter = asked_filter(request);
    try {
        reply.json(200, to_json(services_.logs.query(filter, request.asked("before").value_or(""),
                                                     asked_limit(request, kUsualLimit, kMostLimit))));
    } catch (const store::StoreError& error) {
        if (error.problem() != store::StoreProblem::kInput) throw;
        refuse("before", "is not a cursor of this list");
    }
}

void Logs::export_all(const Request& request, Reply& reply) {
    const auto filter = asked_filter(request);
    const std::string format = request.asked("format").value_or("csv");
    const bool csv = format == "csv";
    if (!csv && format != "jsonl") refuse("format", "must be csv or jsonl");
    reply.begin(200, {{"content-type", csv ? "text/csv; charset=utf-8" : "application/jsonl; charset=utf-8"},
                      {"content-disposition", "attachment; filename=\"metakocka-logs." + format + '"'},
                      {"cache-control", "no-store"}});
    std::string piece = csv ? "at,level,type,operation,run,message\r\n" : "";
    services_.logs.export_rows(filter, store::LogOrder::kOldestFirst, [&](const store::LogEntry& entry) {
        piece += csv ? csv_line(entry) : json::serialize(to_json(entry)) + '\n';
        if (piece.size() >= kPiece) {
            reply.write(piece);
            piece.clear();
        }
        return true;
    });
    if (!piece.empty()) reply.write(piece);
}

}  // namespace metakocka::routes
