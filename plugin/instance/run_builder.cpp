#include "instance/run_builder.hpp"

#include <limits>
#include <random>
#include <stdexcept>
#include <utility>

#include "api/ledger_day.hpp"
#include "api/metakocka_gateway.hpp"
#include "sync/bill_scan.hpp"
#include "sync/chosen_policy.hpp"
#include "sync/contact_scan.hpp"
#include "sync/crm_feed.hpp"
#include "sync/look_up_scan.hpp"
#include "sync/product_scan.hpp"
#include "sync/pull_applier.hpp"
#include "sync/stock_scan.hpp"
#include "sync/two_way_applier.hpp"

namespace metakocka {

namespace {

// Documents are corrected for weeks after their date; older ones are met by the daily sweep.
constexpr sync::Duration kDocumentWindow = 60 * sync::kDay;
// A ledger this small is read whole at every run (at most 50 pages), so that a bill deleted anywhere in it is
// noticed at once.
constexpr std::uint64_t kSmallLedger = 5000;
// A little less than a day, so that the sweep stays at the same hour instead of wandering.
constexpr sync::Duration kSweepEvery = sync::kDay - sync::kHour;
constexpr char kFullSweepAt[] = "full_sweep_at";
constexpr char kRules[] = "judging_rules";

// A run may read ahead in a thread of its own, so it shares no random source with other runs.
api::Jitter own_jitter(const api::Jitter& seeds) {
    constexpr std::uint64_t kAnySeed = std::numeric_limits<std::uint64_t>::max();
    return [engine = std::mt19937_64(seeds(kAnySeed))](std::uint64_t most) mutable {
        return std::uniform_int_distribution<std::uint64_t>(0, most)(engine);
    };
}

sync::DeleteGuard guard_of(const Settings& settings) {
    return {.max_percent = settings.guard_max_percent, .max_records = settings.guard_max_records};
}

class Started final : public schedule::StartedRun {
  public:
    Started(const api::Connection& connection, const RunBuilder::Parts& parts)
        : gateway_(connection, parts.company, waiter_, parts.clock, own_jitter(parts.jitter), {}, {},
                   parts.read_ahead),
          ports_{gateway_, parts.crm, parts.store, parts.clock, parts.log, parts.fingerprint} {}

    ~Started() override { waiter_.cancel(); }  // a page may be on its way that nobody waits for any more
    Started(const Started&) = delete;
    Started& operator=(const Started&) = delete;

    sync::Ports ports() { return ports_; }
    api::MetakockaGateway& gateway() { return gateway_; }
    void begin(sync::Run run, std::unique_ptr<sync::Scan> scan, std::unique_ptr<sync::Applier> applier,
               sync::DeleteGuard guard, bool verify) {
        machine_ = std::make_unique<sync::RunMachine>(ports_, std::move(run), std::move(scan),
                                                      std::move(applier), guard, verify);
    }

    sync::RunMachine& machine() override { return *machine_; }
    void interrupt() override { waiter_.cancel(); }
    void go_on() override { waiter_.reset(); }

  private:
    api::CancellableWaiter waiter_;
    api::MetakockaGateway gateway_;
    sync::Ports ports_;
    std::unique_ptr<sync::RunMachine> machine_;
};

}  // namespace

api::Connection to_connection(const vault::Credentials& credentials) {
    return {.company_id = credentials.company_id,
            .secret_key = credentials.secret_key,
            .base_url = credentials.base_url,
            .ca_certificate_pem = credentials.ca_certificate.value_or("")};
}

RunBuilder::RunBuilder(Parts parts) : parts_(std::move(parts)) {
    credentials_changed();
}

void RunBuilder::credentials_changed() {
    configured_ = parts_.credentials.get().has_value();
}

std::unique_ptr<schedule::StartedRun> RunBuilder::start(sync::Run run, const Settings& settings) {
    const auto credentials = parts_.credentials.get();
    if (!credentials) throw std::runtime_error("there are no Metakocka credentials any more");
    parts_.retention.apply_if_due();
    auto started = std::make_unique<Started>(to_connection(*credentials), parts_);
    judge_anew_if_ruled_otherwise(run.kind, settings);
    started->gateway().use_pricelist(settings.pricelist);
    const bool verify = full_sweep_due(run);
    const sync::DeleteGuard guard = guard_of(settings);
    auto chosen_scan = scan(run, settings, started->ports(), verify);
    auto chosen_applier = applier(run.kind, settings, started->ports(), guard,
                                  verify ? Reading::kVerifying : Reading::kChanges);
    started->begin(std::move(run), std::move(chosen_scan), std::move(chosen_applier), guard, verify);
    return started;
}

void RunBuilder::judge_anew_if_ruled_otherwise(RecordKind kind, const Settings& settings) {
    const std::string rules = sync::judging_rules(kind, settings);
    const std::string before =
        parts_.store.memo(kind, kRules)
            .value_or(sync::judging_rules(kind, Settings()));  // what there was before anybody could choose
    if (rules == before) return;
    parts_.store.put_memo(kind, kFullSweepAt, "0");
    sync::CrmFeed::from_the_start(parts_.store, kind);
    parts_.store.put_memo(kind, kRules, rules);
}

std::unique_ptr<sync::Applier> RunBuilder::applier(RecordKind kind, const Settings& settings,
                                                   sync::Ports ports, sync::DeleteGuard guard,
                                                   Reading reading) {
    const bool verify = reading == Reading::kVerifying;
    if (settings.direction(kind) == Direction::kMetakockaToCrm) {
        return std::make_unique<sync::PullApplier>(ports, kind, verify);
    }
    return std::make_unique<sync::TwoWayApplier>(
        ports, kind,
        sync::TwoWayOptions{.policy = sync::chosen_policy(kind, settings),
                            .allowed_by = sync::write_permission(kind, settings),
                            .write_protected = !settings.writes_to_erp(kind),
                            .guard = guard,
                            .verify = verify,
                            .only_read = reading == Reading::kSpots,
                            .active_links = parts_.runs.counts(kind).linked});
}

std::unique_ptr<schedule::StartedRun> RunBuilder::look_at(sync::Run run, const Settings& settings,
                                                          std::vector<std::string> ids) {
    const auto credentials = parts_.credentials.get();
    if (!credentials) throw std::runtime_error("there are no Metakocka credentials any more");
    std::function<void()> done = [] {};
    if (run.trigger == sync::RunTrigger::kWebhook) {
        auto pending = parts_.webhooks.pending();
        ids.insert(ids.end(), pending.products.begin(), pending.products.end());
        if (ids.empty()) return nullptr;
        done = [this, events = std::move(pending.events)] { parts_.webhooks.settle(events); };
    }
    auto started = std::make_unique<Started>(to_connection(*credentials), parts_);
    started->gateway().use_pricelist(settings.pricelist);
    auto scan = std::make_unique<sync::LookUpScan>(started->ports(), run.kind, std::move(ids),
                                                   settings.pricelist.has_value(), std::move(done));
    const sync::DeleteGuard guard = guard_of(settings);
    auto chosen_applier = applier(run.kind, settings, started->ports(), guard, Reading::kSpots);
    started->begin(std::move(run), std::move(scan), std::move(chosen_applier), guard, false);
    return started;
}

bool RunBuilder::full_sweep_due(const sync::Run& run) {
    if (run.mode == sync::RunMode::kFull) return true;
    const auto last = parts_.store.memo(run.kind, kFullSweepAt);
    return !last || parts_.clock.now() - std::stoll(*last) > kSweepEvery;
}

std::unique_ptr<sync::Scan> RunBuilder::scan(const sync::Run& run, const Settings& settings,
                                             sync::Ports ports, bool full) {
    const std::uint64_t expected = parts_.runs.counts(run.kind).linked;
    std::optional<std::string> from;
    const sync::Instant now = parts_.clock.now();
    const bool small = run.kind == RecordKind::kInvoices && expected <= kSmallLedger;
    if (!small && !full) from = api::ledger_day(now - kDocumentWindow);
    switch (run.kind) {
        case RecordKind::kContacts: {
            sync::ContactScanOptions options;
            options.documents_from = from;
            options.every_letter = !from.has_value();
            options.expected = expected;
            return std::make_unique<sync::ContactScan>(ports, std::move(options));
        }
        case RecordKind::kProducts:
            return std::make_unique<sync::ProductScan>(ports.erp, settings.pricelist, expected,
                                                       run.checkpoint);
        case RecordKind::kInvoices: {
            const auto last = parts_.store.memo(run.kind, "read_everything_at");
            const sync::Instant changed_from = last ? std::stoll(*last) - sync::kHour : 0;
            return std::make_unique<sync::BillScan>(
                ports, sync::BillRange{.date_from = from, .changed_from = changed_from}, expected,
                run.checkpoint);
        }
        case RecordKind::kInventory:
            return std::make_unique<sync::StockScan>(ports.erp, expected);
    }
    throw std::logic_error("unknown kind of record");
}

}  // namespace metakocka
