#include "routes/review.hpp"

#include <algorithm>
#include <utility>

#include "routes/asked.hpp"
#include "routes/conflict_json.hpp"
#include "routes/rendering.hpp"
#include "store/error.hpp"
#include "sync/bookkeeping.hpp"

namespace metakocka::routes {

namespace {

namespace json = boost::json;

constexpr std::size_t kUsualLimit = 50;
constexpr std::size_t kMostLimit = 500;

struct Named {
    RecordKind kind{};
    std::string rest;
};

// "contacts.17" → contacts, "17". Throws Problem(404) when it begins with no kind.
Named read_id(const Request& request) {
    const std::string& id = request.parameters.at("id");
    const std::size_t dot = id.find('.');
    const auto kind = parse_kind(std::string_view(id).substr(0, dot));
    if (dot == std::string::npos || !kind) throw Problem{404, "Not Found", "There is no such id.", {}, {}};
    return {*kind, id.substr(dot + 1)};
}

// The quarantine's keys are ids of Metakocka, or "crm/" and an id of the CRM. A path has no room for a slash,
// not even for an encoded one; Metakocka's ids are digits, with a slash in those of stock.
constexpr std::string_view kOfErp = "metakocka.";
constexpr std::string_view kOfCrm = "crm.";

std::string with(std::string id, char from, char to) {
    std::replace(id.begin(), id.end(), from, to);
    return id;
}

std::string key_of(const std::string& rest) {
    if (rest.starts_with(kOfErp)) return with(rest.substr(kOfErp.size()), '_', '/');
    if (rest.starts_with(kOfCrm)) return sync::crm_key(rest.substr(kOfCrm.size()));
    return {};
}

json::object to_json(const store::KeptAside& kept) {
    const std::string crm_id = sync::crm_id_of(kept.entry.erp_id);
    const std::string id = crm_id.empty() ? std::string(kOfErp) + with(kept.entry.erp_id, '/', '_')
                                          : std::string(kOfCrm) + crm_id;
    return {{"id", std::string(to_text(kept.kind)) + '.' + id},
            {"type", to_text(kept.kind)},
            {"externalId", crm_id.empty() ? json::value(kept.entry.erp_id) : json::value(nullptr)},
            {"crmId", text_or_null(crm_id)},
            {"reason", kept.entry.reason},
            {"since", to_json_time(kept.entry.since)},
            {"tries", kept.entry.tries}};
}

json::object to_json(const store::HistoryItem& item) {
    return {{"at", to_json_time(item.at)},
            {"run", item.run_id},
            {"externalId", text_or_null(item.entry.erp_id)},
            {"side", item.entry.side == sync::Side::kErp ? "metakocka" : "crm"},
            {"field", item.entry.field},
            {"before", item.entry.before ? json::value(*item.entry.before) : json::value(nullptr)},
            {"after", item.entry.after ? json::value(*item.entry.after) : json::value(nullptr)}};
}

// A page of a list that answers with the cursor `name`.
template <class List, class Render>
void reply_page(Reply& reply, const std::string& name, List list, Render render) {
    try {
        const auto page = list();
        json::array items;
        items.reserve(page.items.size());
        for (const auto& item : page.items) items.push_back(render(item));
        reply.json(200, json::object{{"items", std::move(items)},
                                     {"next", page.next ? json::value(*page.next) : json::value(nullptr)}});
    } catch (const store::StoreError& error) {
        if (error.problem() != store::StoreProblem::kInput) throw;
        refuse(name, "is not a cursor of this list");
    }
}

}  // namespace

void Review::conflicts(const Request& request, Reply& reply) {
    const auto kind = asked_kind(request);
    const std::size_t limit = asked_limit(request, kUsualLimit, kMostLimit);
    const Settings settings = services_.scheduler.settings();
    reply_page(
        reply, "after",
        [&] { return services_.review.conflicts(kind, request.asked("after").value_or(""), limit); },
        [&](const sync::Conflict& conflict) { return routes::to_json(conflict, settings); });
}

void Review::resolve(const Request& request, Reply& reply) {
    const Named named = read_id(request);
    const auto conflict = services_.review.conflict(named.kind, named.rest);
    if (!conflict) throw Problem{404, "Not Found", "There is no such conflict (any more).", {}, {}};
    const json::value body = request.json();
    const sync::Resolution resolution = read_resolution(body, *conflict);
    if (!services_.review.decide(named.kind, named.rest, resolution)) {
        throw Problem{
            409, "Conflict", "A run has just ended this conflict; look at the record again.", {}, {}};
    }
    services_.journal.append(request.user->name, "conflict.resolved",
                             json::serialize(json::object{{"conflict", conflict_id(*conflict)},
                                                          {"resolution", body.at("resolution")}}));
    auto decided = services_.review.conflict(named.kind, named.rest);
    reply.json(
        202, json::object{
                 {"conflict", decided ? json::value(routes::to_json(*decided, services_.scheduler.settings()))
                                      : json::value(nullptr)},
                 {"run", take_up(named.kind, sync::RunMode::kSync)}});
}

void Review::quarantine(const Request& request, Reply& reply) {
    const auto kind = asked_kind(request);
    const std::size_t limit = asked_limit(request, kUsualLimit, kMostLimit);
    reply_page(
        reply, "after",
        [&] { return services_.review.quarantine(kind, request.asked("after").value_or(""), limit); },
        [](const store::KeptAside& kept) { return to_json(kept); });
}

void Review::retry(const Request& request, Reply& reply) {
    const Named named = read_id(request);
    const auto kept = services_.review.kept_aside(named.kind, key_of(named.rest));
    if (!kept) throw Problem{404, "Not Found", "There is no such record in quarantine (any more).", {}, {}};
    services_.journal.append(request.user->name, "quarantine.retried",
                             json::serialize(json::object{{"record", request.parameters.at("id")}}));
    // What the CRM holds is tried at every run; what Metakocka holds may lie outside of what one reads.
    const bool of_crm = !sync::crm_id_of(kept->entry.erp_id).empty();
    reply.json(202, json::object{
                        {"record", to_json(*kept)},
                        {"run", take_up(named.kind, of_crm ? sync::RunMode::kSync : sync::RunMode::kFull)}});
}

void Review::history(const Request& request, Reply& reply) {
    const auto kind = parse_kind(request.parameters.at("kind"));
    if (!kind) throw Problem{404, "Not Found", "There is no such kind of record.", {}, {}};
    const std::size_t limit = asked_limit(request, kUsualLimit, kMostLimit);
    reply_page(
        reply, "before",
        [&] {
            return services_.runs.history(*kind, request.parameters.at("crmId"),
                                          request.asked("before").value_or(""), limit);
        },
        [](const store::HistoryItem& item) { return to_json(item); });
}

json::value Review::take_up(RecordKind kind, sync::RunMode mode) {
    const auto state = services_.scheduler.snapshot().connection.state;
    if (state == schedule::ConnectionState::kUnconfigured ||
        state == schedule::ConnectionState::kAuthFailed) {
        return nullptr;
    }
    const auto requested = services_.scheduler.request(kind, mode);
    json::object run{{"id", requested.run.id}, {"type", to_text(kind)}};
    if (requested.coalesced) run["coalesced"] = true;
    return run;
}

}  // namespace metakocka::routes
