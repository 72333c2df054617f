#include "routes/runs.hpp"

#include <algorithm>

#include "routes/asked.hpp"
#include "routes/rendering.hpp"
#include "store/error.hpp"

namespace metakocka::routes {

namespace {

namespace json = boost::json;

constexpr std::size_t kUsualLimit = 50;
constexpr std::size_t kMostLimit = 500;

struct Wanted {
    std::vector<RecordKind> kinds;
    sync::RunMode mode = sync::RunMode::kSync;
};

void read_kinds(const json::value& value, Wanted& wanted, std::vector<FieldError>& errors) {
    if (!value.is_array() || value.as_array().empty()) {
        errors.push_back({"types", "must be a list with at least one kind"});
        return;
    }
    for (std::size_t i = 0; i < value.as_array().size(); ++i) {
        const auto& item = value.as_array()[i];
        const auto kind = item.is_string() ? parse_kind(item.as_string()) : std::nullopt;
        if (!kind) {
            errors.push_back(
                {"types." + std::to_string(i), "must be contacts, products, invoices or inventory"});
        } else if (std::find(wanted.kinds.begin(), wanted.kinds.end(), *kind) == wanted.kinds.end()) {
            wanted.kinds.push_back(*kind);
        }
    }
    std::sort(wanted.kinds.begin(), wanted.kinds.end());  // in the order of dependence
}

Wanted read_wanted(const json::value& body) {
    Wanted wanted;
    std::vector<FieldError> errors;
    if (!body.is_object()) refuse("", "must be an object");
    for (const auto& entry : body.as_object()) {
        if (entry.key() == "types") {
            read_kinds(entry.value(), wanted, errors);
        } else if (entry.key() == "mode") {
            const std::string_view mode = entry.value().is_string() ? entry.value().as_string() : "";
            if (mode == "full") {
                wanted.mode = sync::RunMode::kFull;
            } else if (mode != "sync") {
                errors.push_back({"mode", "must be sync or full"});
            }
        } else {
            errors.push_back({std::string(entry.key()), "is not known here"});
        }
    }
    if (!body.as_object().contains("types")) errors.push_back({"types", "is missing"});
    if (!errors.empty()) throw Problem{400, "Bad Request", "No run was started.", std::move(errors), {}};
    return wanted;
}

}  // namespace

void Runs::start(const Request& request, Reply& reply) {
    const Wanted wanted = read_wanted(request.json());
    const auto connection = services_.scheduler.snapshot().connection;
    if (connection.state == schedule::ConnectionState::kUnconfigured) {
        throw Problem{409, "Conflict", "Enter the Metakocka credentials first.", {}, {}};
    }
    if (connection.state == schedule::ConnectionState::kAuthFailed) {
        throw Problem{409,
                      "Conflict",
                      "Metakocka refuses the credentials (" + connection.message +
                          "). Correct them or test the connection, then sync again.",
                      {},
                      {}};
    }
    json::array runs;
    for (const auto kind : wanted.kinds) {
        const auto requested = services_.scheduler.request(kind, wanted.mode);
        json::object run{{"id", requested.run.id}, {"type", to_text(kind)}};
        if (requested.coalesced) run["coalesced"] = true;
        runs.push_back(std::move(run));
    }
    services_.journal.append(request.user->name, "runs.requested", json::serialize(runs));
    reply.json(202, json::object{{"runs", std::move(runs)}});
}

sync::Run Runs::find(const std::string& id) {
    if (auto run = services_.scheduler.live(id)) return *run;
    if (auto run = services_.runs.get(id)) return *run;
    throw Problem{404, "Not Found", "There is no such run.", {}, {}};
}

void Runs::list(const Request& request, Reply& reply) {
    const auto kind = asked_kind(request);
    const std::size_t limit = asked_limit(request, kUsualLimit, kMostLimit);
    try {
        auto page = services_.runs.list(kind, request.asked("before").value_or(""), limit);
        for (auto& run : page.items) {
            if (auto live = services_.scheduler.live(run.id)) run = std::move(*live);
        }
        reply.json(200, to_json(page));
    } catch (const store::StoreError& error) {
        if (error.problem() != store::StoreProblem::kInput) throw;
        refuse("before", "is not a cursor of this list");
    }
}

void Runs::get(const Request& request, Reply& reply) {
    reply.json(200, to_json(find(request.parameters.at("id"))));
}

void Runs::records(const Request& request, Reply& reply) {
    const sync::Run run = find(request.parameters.at("id"));
    std::optional<sync::Bucket> bucket;
    if (const auto name = request.asked("bucket")) {
        for (std::size_t i = 0; i < run.counts.by_bucket.size(); ++i) {
            if (sync::to_text(static_cast<sync::Bucket>(i)) == *name) bucket = static_cast<sync::Bucket>(i);
        }
        if (!bucket) refuse("bucket", "is not a bucket");
    }
    try {
        reply.json(200, to_json(services_.runs.records(run.id, bucket, request.asked("after").value_or(""),
                                                       asked_limit(request, kUsualLimit, kMostLimit))));
    } catch (const store::StoreError& error) {
        if (error.problem() != store::StoreProblem::kInput) throw;
        refuse("after", "is not a cursor of this list");
    }
}

void Runs::cancel(const Request& request, Reply& reply) {
    const sync::Run run = find(request.parameters.at("id"));
    if (!services_.scheduler.cancel_run(run.id)) {
        throw Problem{409, "Conflict", "This run is over already.", {}, {}};
    }
    services_.journal.append(request.user->name, "run.cancelled",
                             json::serialize(json::object{{"run", run.id}}));
    reply.json(202, to_json(find(run.id)));
}

}  // namespace metakocka::routes
