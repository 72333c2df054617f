#include "routes/auto_sync.hpp"

#include <algorithm>

#include "routes/rendering.hpp"

namespace metakocka::routes {

namespace {

namespace json = boost::json;

std::string_view to_text(schedule::KindState state) {
    static constexpr std::array<std::string_view, 6> kNames{"off",     "idle",        "queued",
                                                            "running", "backing_off", "paused"};
    return kNames[static_cast<std::size_t>(state)];
}

// A run's trouble in the words of POST /credentials/test where there is one, so that a page explains both
// alike.
std::string_view reason(std::string_view error_kind) {
    if (error_kind == "credentials") return "invalid_credentials";
    if (error_kind == "address") return "ip_not_allowed";
    if (error_kind == "transient") return "unreachable";
    return error_kind;
}

// Settings that differ, by name, with both values: for the audit trail.
json::object difference(const json::object& before, const json::object& after) {
    json::object changed;
    for (const auto& entry : after) {
        const auto* old = before.if_contains(entry.key());
        if (old == nullptr || *old != entry.value()) {
            changed[entry.key()] =
                json::object{{"from", old == nullptr ? json::value(nullptr) : *old}, {"to", entry.value()}};
        }
    }
    return changed;
}

json::object available() {
    json::object direction;
    for (const auto kind : kAllKinds) {
        json::array choices;
        for (const auto one : directions_of(kind)) choices.emplace_back(metakocka::to_text(one));
        direction[metakocka::to_text(kind)] = std::move(choices);
    }
    return {{"direction", std::move(direction)}, {"realTime", true}, {"webhooks", true}};
}

json::object recommended() {
    Settings settings;
    settings.enabled = true;
    settings.directions[static_cast<std::size_t>(RecordKind::kContacts)] = Direction::kBidirectional;
    json::object all = metakocka::to_json(settings);
    return {{"intervals", all["intervals"]}, {"direction", all["direction"]}, {"realTimeEnabled", true}};
}

}  // namespace

json::object AutoSync::status() {
    const schedule::Snapshot snapshot = services_.scheduler.snapshot();
    json::array timers;
    json::array errors;
    json::object types;
    bool running = false;
    for (const auto kind : kAllKinds) {
        const auto& state = snapshot.kinds[static_cast<std::size_t>(kind)];
        const auto counts = services_.runs.counts(kind);
        const std::string name(metakocka::to_text(kind));
        running = running || state.current.has_value();
        if (state.next_run_at != 0) timers.emplace_back(name);
        if (!state.error.empty()) {
            const bool known = state.last_finished.has_value();
            errors.push_back(json::object{
                {"type", name},
                {"reason",
                 known ? json::value(reason(state.last_finished->error_kind)) : json::value(nullptr)},
                {"message", state.error},
                {"at", known ? to_json_time(state.last_finished->finished_at) : json::value(nullptr)}});
        }
        const auto& shown = state.current ? state.current : state.last_finished;
        json::object type{
            {"direction", metakocka::to_text(snapshot.settings.direction(kind))},
            {"intervalMinutes", snapshot.settings.interval(kind)},
            {"state", to_text(state.state)},
            {"nextRunAt", to_json_time(state.next_run_at)},
            {"lastRun", state.last_finished ? json::value(to_json(*state.last_finished)) : nullptr},
            {"currentRun", state.current ? json::value(to_json(*state.current)) : nullptr},
            {"lastSuccessAt", to_json_time(state.last_success_at)},
            {"linked", counts.linked},
            {"inactive", counts.inactive},
            {"conflicts", counts.conflicts},
            {"quarantined", counts.quarantined},
            {"progress", state.current ? to_json(*state.current).at("progress") : json::value(nullptr)}};
        if (kind == RecordKind::kContacts) {
            const bool has_note = shown && !shown->note.empty();
            type["coverage"] = has_note ? json::parse(shown->note) : json::value(nullptr);
        }
        types[name] = std::move(type);
    }
    json::object config = metakocka::to_json(snapshot.settings);
    config["available"] = available();
    config["recommended"] = recommended();
    return {{"enabled", snapshot.settings.enabled},
            {"isRunning", running},
            {"config", std::move(config)},
            {"activeTimers", std::move(timers)},
            {"connection", to_json(snapshot.connection)},
            {"types", std::move(types)},
            {"errors", std::move(errors)}};
}

void AutoSync::get(const Request&, Reply& reply) {
    reply.json(200, status());
}

void AutoSync::post(const Request& request, Reply& reply) {
    const json::value patch = request.json();
    {
        const std::lock_guard lock(changing_);
        const Settings before = services_.scheduler.settings();
        Settings after = before;
        const auto errors = apply_patch(after, patch);
        if (!errors.empty()) {
            Problem problem{400, "Bad Request", "Nothing was changed.", {}, {}};
            for (const auto& error : errors) problem.errors.push_back({error.path, error.message});
            throw problem;
        }
        if (after != before) change(request, before, after, false);
    }
    reply.json(200, status());
}

void AutoSync::remove(const Request& request, Reply& reply) {
    {
        const std::lock_guard lock(changing_);
        const Settings before = services_.scheduler.settings();
        Settings after = before;
        after.enabled = false;
        change(request, before, after, true);
    }
    reply.json(200, status());
}

void AutoSync::change(const Request& request, const Settings& before, const Settings& after, bool stop_run) {
    services_.save_settings(after);
    const auto changed = difference(metakocka::to_json(before), metakocka::to_json(after));
    services_.journal.append(request.user->name, "settings.changed", json::serialize(changed));
    std::string names;
    for (const auto& entry : changed) {
        names += names.empty() ? "" : ", ";
        names += entry.key();
    }
    if (!names.empty()) services_.log.note(sync::LogLevel::kInfo, "settings", "Settings changed: " + names);
    services_.scheduler.change_settings(after, stop_run);
}

}  // namespace metakocka::routes
