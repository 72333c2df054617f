#include "instance/instance.hpp"

#include <exception>
#include <random>
#include <stdexcept>
#include <utility>

#include <boost/json.hpp>

#include "api/connection_test.hpp"
#include "api/tls.hpp"
#include "instance/host_clock.hpp"
#include "instance/host_keys.hpp"
#include "instance/host_records.hpp"
#include "instance/live_reader.hpp"
#include "instance/log_keeper.hpp"
#include "instance/run_builder.hpp"
#include "routes/auto_sync.hpp"
#include "routes/credentials.hpp"
#include "routes/live.hpp"
#include "routes/logs.hpp"
#include "routes/review.hpp"
#include "routes/router.hpp"
#include "routes/runs.hpp"
#include "routes/services.hpp"
#include "routes/webhook.hpp"
#include "store/store.hpp"

namespace metakocka {

namespace {

namespace json = boost::json;

constexpr std::string_view kVersion = "0.1.0";

std::shared_ptr<store::Instance> open_store(crm::IHost& host, vault::KeyWrapper& keys, sync::Clock& clock) {
    try {
        return store::Instance::open(host.directory(), "default", keys, clock);
    } catch (const crm::Error&) {
        throw;
    } catch (const std::exception& error) {
        throw crm::Error(CRM_INVALID,
                         std::string("the Metakocka module can't open its data: ") + error.what());
    }
}

Settings load_settings(crm::IHost& host, LogKeeper& log) {
    Settings settings;
    const std::string text = host.settings();
    boost::system::error_code error;
    const json::value stored = json::parse(text, error);
    if (error || !apply_patch(settings, stored).empty()) {
        // Timers stay off, so that nothing runs with settings nobody chose.
        log.note(sync::LogLevel::kError, "settings",
                 "The stored settings can't be read; the defaults are in force and automatic sync is off.");
        return {};
    }
    return settings;
}

void check_certificate(const std::string& pem) {
    try {
        static_cast<void>(api::make_tls_context("localhost", pem));
    } catch (const sync::ErpError& error) {
        throw std::invalid_argument(error.what());
    }
}

routes::TestResult test(const vault::Credentials& credentials, const std::shared_ptr<api::Company>& company) {
    api::CancellableWaiter waiter;
    auto result = api::test_connection(to_connection(credentials), company, waiter);
    return {.ok = result.ok,
            .latency_ms = result.latency_ms,
            .reason = std::move(result.reason),
            .message = std::move(result.message)};
}

}  // namespace

struct Instance::Parts {
    Parts(crm::IHost& the_host, std::string_view panel);

    std::vector<routes::Route> routes(std::string_view panel);

    crm::IHost& host;
    HostClock clock;
    HostKeys keys;
    std::shared_ptr<store::Instance> data;
    store::Store store;
    store::RunLog runs;
    store::ReviewList review;
    store::LogBook logs;
    store::ScheduleStore timers;
    store::CredentialStore credentials;
    store::Journal journal;
    store::WebhookInbox webhooks;
    LogKeeper log;
    HostRecords records;
    Fingerprinter fingerprint;
    Retention retention;
    std::shared_ptr<api::Company> company = std::make_shared<api::Company>();
    std::mt19937_64 run_random{std::random_device{}()};    // of the task thread
    std::mt19937_64 timer_random{std::random_device{}()};  // under the scheduler's lock
    RunBuilder builder;
    schedule::Scheduler scheduler;
    LiveReader live;
    routes::Services services;
    routes::AutoSync auto_sync;
    routes::Runs run_routes;
    routes::CredentialsRoutes credential_routes;
    routes::Logs log_routes;
    routes::Review review_routes;
    routes::Webhook webhook_routes;
    routes::Live live_routes;
    routes::Router router;
};

Instance::Parts::Parts(crm::IHost& the_host, std::string_view panel)
    : host(the_host),
      clock(the_host),
      keys(the_host),
      data(open_store(the_host, keys, clock)),
      store(data),
      runs(data),
      review(data),
      logs(data),
      timers(data),
      credentials(data),
      journal(data),
      webhooks(data),
      log(the_host, logs),
      records(the_host),
      fingerprint(data->vault().fingerprint_key()),
      retention(logs, runs, clock),
      builder({.credentials = credentials,
               .runs = runs,
               .webhooks = webhooks,
               .store = store,
               .crm = records,
               .clock = clock,
               .log = log,
               .fingerprint = fingerprint,
               .retention = retention,
               .company = company,
               .jitter =
                   [this](std::uint64_t most) {
                       return std::uniform_int_distribution<std::uint64_t>(0, most)(run_random);
                   },
               .read_ahead = the_host.threads_allowed() > 0}),
      scheduler({.factory = builder,
                 .runs = runs,
                 .timers = timers,
                 .clock = clock,
                 .log = log,
                 .alerts = log,
                 .random = [this] { return std::uniform_real_distribution<double>(0.0, 1.0)(timer_random); },
                 .wake = [this] { host.wake(); }},
                load_settings(the_host, log)),
      live({.credentials = credentials,
            .scheduler = scheduler,
            .store = store,
            .crm = records,
            .clock = clock,
            .log = log,
            .fingerprint = fingerprint,
            .company = company}),
      services{.scheduler = scheduler,
               .runs = runs,
               .review = review,
               .logs = logs,
               .credentials = credentials,
               .journal = journal,
               .log = log,
               .clock = clock,
               .save_settings = [this](const Settings& s) { host.put_settings(json::serialize(to_json(s))); },
               .credentials_changed =
                   [this] {
                       builder.credentials_changed();
                       scheduler.credentials_changed();
                   },
               .test_connection = [this](const vault::Credentials& c) { return test(c, company); },
               .check_base_url = [](const std::string& url) { static_cast<void>(api::BaseUrl(url)); },
               .check_certificate = check_certificate,
               .linked_company = [this] { return store.memo(RecordKind::kContacts, "company"); },
               .remember_company =
                   [this](const std::string& id) { store.put_memo(RecordKind::kContacts, "company", id); },
               .default_base_url = std::string(api::kProductionBaseUrl),
               .webhooks = webhooks,
               .live = [this](RecordKind kind, const std::string& id) { return live.get(kind, id); }},
      auto_sync(services),
      run_routes(services),
      credential_routes(services),
      log_routes(services),
      review_routes(services),
      webhook_routes(services),
      live_routes(services),
      router(routes(panel),
             [this](const std::string& text) { log.note(sync::LogLevel::kError, "defect", text); }) {
    // What webhooks left to do when the process ended.
    if (!webhooks.pending().events.empty()) {
        scheduler.look_at(RecordKind::kInventory, {}, sync::RunTrigger::kWebhook);
    }
}

std::vector<routes::Route> Instance::Parts::routes(std::string_view panel) {
    using routes::kAnybody;
    using routes::kManage;
    using routes::kView;
    const auto call = [](auto& owner, auto member) {
        return [&owner, member](const routes::Request& request, routes::Reply& reply) {
            (owner.*member)(request, reply);
        };
    };
    using routes::AutoSync;
    using routes::CredentialsRoutes;
    using routes::Live;
    using routes::Logs;
    using routes::Review;
    using routes::Runs;
    using routes::Webhook;
    return {
        {"GET", "/auto-sync", kView, call(auto_sync, &AutoSync::get)},
        {"POST", "/auto-sync", kManage, call(auto_sync, &AutoSync::post)},
        {"DELETE", "/auto-sync", kManage, call(auto_sync, &AutoSync::remove)},
        {"POST", "/runs", kManage, call(run_routes, &Runs::start)},
        {"GET", "/runs", kView, call(run_routes, &Runs::list)},
        {"GET", "/runs/{id}", kView, call(run_routes, &Runs::get)},
        {"GET", "/runs/{id}/records", kView, call(run_routes, &Runs::records)},
        {"POST", "/runs/{id}/cancel", kManage, call(run_routes, &Runs::cancel)},
        {"GET", "/credentials", kView, call(credential_routes, &CredentialsRoutes::get)},
        {"PUT", "/credentials", kManage, call(credential_routes, &CredentialsRoutes::put)},
        {"DELETE", "/credentials", kManage, call(credential_routes, &CredentialsRoutes::remove)},
        {"POST", "/credentials/test", kManage, call(credential_routes, &CredentialsRoutes::test)},
        {"GET", "/logs", kView, call(log_routes, &Logs::list)},
        {"GET", "/logs/export", kView, call(log_routes, &Logs::export_all)},
        {"GET", "/conflicts", kView, call(review_routes, &Review::conflicts)},
        {"POST", "/conflicts/{id}", kManage, call(review_routes, &Review::resolve)},
        {"GET", "/quarantine", kView, call(review_routes, &Review::quarantine)},
        {"POST", "/quarantine/{id}/retry", kManage, call(review_routes, &Review::retry)},
        {"GET", "/records/{kind}/{crmId}/history", kView, call(review_routes, &Review::history)},
        {"GET", "/live/{kind}/{crmId}", kView, call(live_routes, &Live::get)},
        {"POST", "/webhook", kAnybody, call(webhook_routes, &Webhook::receive)},
        {"GET", "/panel.js", kView,
         [panel](const routes::Request&, routes::Reply& reply) {
             reply.text(200, "text/javascript; charset=utf-8", panel);
         }},
    };
}

Instance::Instance(crm::IHost& host, std::string_view panel) : parts_(std::make_unique<Parts>(host, panel)) {}
Instance::~Instance() = default;

std::string Instance::describe() const {
    const auto page = [](std::string_view id, std::string_view title, std::string_view path,
                         std::string_view element) {
        return json::object{{"id", id},
                            {"title", title},
                            {"path", path},
                            {"script", "/api/integrations/metakocka/panel.js"},
                            {"element", element}};
    };
    json::array tasks;
    for (const auto kind : kAllKinds) {
        tasks.push_back(json::object{{"id", to_text(kind)}, {"title", "Sync " + std::string(to_text(kind))}});
    }
    return json::serialize(json::object{
        {"id", "metakocka"},
        {"name", "Autosync for Metakocka"},
        {"version", kVersion},
        {"permissions",
         json::array{json::object{{"id", routes::kView}, {"title", "See the state and logs of integrations"}},
                     json::object{{"id", routes::kManage}, {"title", "Configure integrations"}}}},
        {"pages",
         json::array{page("panel", "Metakocka", "/settings/integrations/metakocka", "metakocka-autosync"),
                     page("logs", "Metakocka: Logs", "/settings/integrations/metakocka/logs",
                          "metakocka-autosync-logs")}},
        {"routes", parts_->router.describe()},
        {"tasks", std::move(tasks)}});
}

crm::IScheduler& Instance::scheduler() {
    return parts_->scheduler;
}

void Instance::handle_http(const crm::HttpRequest& request, crm::IHttpResponse& response) {
    parts_->router.handle(request, response);
}

std::string Instance::status() {
    const auto snapshot = parts_->scheduler.snapshot();
    std::string_view state = snapshot.settings.enabled ? "ok" : "off";
    std::string text = snapshot.settings.enabled ? "Automatic sync is on." : "Automatic sync is off.";
    if (snapshot.connection.state == schedule::ConnectionState::kAuthFailed ||
        snapshot.connection.state == schedule::ConnectionState::kUnreachable) {
        state = "attention";
        text = snapshot.connection.message;
    }
    return json::serialize(json::object{{"state", state}, {"text", text}});
}

bool Instance::stop(crm::Duration deadline) {
    parts_->live.stop();
    return parts_->scheduler.stop(deadline);
}

}  // namespace metakocka
