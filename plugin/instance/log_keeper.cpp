#include "instance/log_keeper.hpp"

#include <exception>
#include <utility>

#include <boost/json.hpp>

namespace metakocka {

void LogKeeper::note(sync::LogLevel level, const sync::Run& run, const std::string& operation,
                     const std::string& message) {
    append({.level = static_cast<store::LogLevel>(level),
            .type = run.kind,
            .operation = operation,
            .run_id = run.id,
            .message = message,
            .details = {}});
}

void LogKeeper::note(sync::LogLevel level, const std::string& operation, const std::string& message) {
    append({.level = static_cast<store::LogLevel>(level),
            .type = {},
            .operation = operation,
            .run_id = {},
            .message = message,
            .details = {}});
}

void LogKeeper::append(store::LogEntry entry) {
    const auto level = entry.level;
    // The host's log is plain text; an ERP's or CRM's words may quote a customer, so they stay in the sealed
    // one.
    std::string text =
        "metakocka: " + (entry.type ? std::string(to_text(*entry.type)) + ' ' : std::string()) +
        entry.operation + (entry.run_id.empty() ? "" : " (run " + entry.run_id + ")");
    try {
        book_.append(std::move(entry));
    } catch (const std::exception&) {
        // A full disk must not end a run because of a line of log; the host's log may still have room.
        text += "; the module's own log could not be written";
    }
    if (level == store::LogLevel::kWarning || level == store::LogLevel::kError) {
        host_.log(static_cast<crm::LogLevel>(level), text);
    }
}

void LogKeeper::raise(const std::string& id, const std::string& title, const std::string& text) {
    host_.notify(boost::json::serialize(boost::json::object{
        {"id", id}, {"level", "error"}, {"title", title}, {"text", text}, {"resolved", false}}));
}

void LogKeeper::clear(const std::string& id) {
    host_.notify(boost::json::serialize(boost::json::object{
        {"id", id}, {"level", "warning"}, {"title", ""}, {"text", ""}, {"resolved", true}}));
}

}  // namespace metakocka
