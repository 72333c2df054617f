#include "instance/live_reader.hpp"

#include <algorithm>
#include <thread>
#include <utility>

#include "api/metakocka_gateway.hpp"
#include "instance/run_builder.hpp"
#include "sync/crm_form.hpp"
#include "sync/gone.hpp"
#include "sync/stock_scan.hpp"
#include "sync/subject.hpp"

namespace metakocka {

namespace {

using sync::ErpErrorClass;

// Gives up by itself.
class ImpatientWaiter final : public api::Waiter {
  public:
    explicit ImpatientWaiter(const std::atomic<bool>& stopping) : stopping_(stopping) {}
    bool wait_for(std::chrono::milliseconds time) override {
        std::this_thread::sleep_until(std::min(end_, std::chrono::steady_clock::now() + time));
        return !cancelled();
    }
    bool cancelled() const noexcept override {
        return stopping_.load(std::memory_order_relaxed) || std::chrono::steady_clock::now() >= end_;
    }

  private:
    const std::atomic<bool>& stopping_;
    const std::chrono::steady_clock::time_point end_ =
        std::chrono::steady_clock::now() + LiveReader::kPatience;
};

constexpr char kNoAnswer[] = "Metakocka did not answer within 3 seconds";
constexpr char kGoneNow[] =
    "Metakocka does not have it any more; a run that has read everything decides what becomes of it";

}  // namespace

std::optional<LiveRecord> LiveReader::get(RecordKind kind, const std::string& crm_id) {
    const auto link = parts_.store.find_links_by_crm(kind, {crm_id}).at(0);
    if (!link) return std::nullopt;
    const auto text = parts_.store.base(kind, link->erp_id);
    if (!text) return std::nullopt;
    const Record base = decode_record(kind, link->erp_id, *text);
    Found found = look(*link, base);

    sync::CrmForm form(parts_.store);
    LiveRecord live;
    live.crm_id = crm_id;
    live.erp_id = link->erp_id;
    if (!found.record) {
        live.record = form.shown(base);
        live.record.active = link->active;
        live.stale = true;
        live.reason = std::move(found.problem);
        live.read_at = std::max(sync::last_full_reading(parts_.store, kind), link->changed_at);
        return live;
    }
    live.record = form.shown(*found.record);
    live.read_at = parts_.clock.now();
    if (parts_.fingerprint(live.record) != link->fingerprint) live.applied = apply(kind, *link);
    return live;
}

LiveReader::Found LiveReader::look(const sync::Link& link, const Record& base) {
    if (std::string reason = parts_.scheduler.reason_to_wait(); !reason.empty())
        return {{}, std::move(reason)};
    const std::string key = std::string(to_text(base.kind)) + '/' + link.erp_id;
    return calls_.ask(key, kPatience, [&] { return ask_erp(base.kind, link.erp_id, base); })
        .value_or(Found{{}, kNoAnswer});
}

LiveReader::Found LiveReader::ask_erp(RecordKind kind, const std::string& erp_id, const Record& base) {
    const auto credentials = parts_.credentials.get();
    if (!credentials) return {{}, "there are no Metakocka credentials"};
    api::RetryPolicy once;
    once.attempts = 1;
    once.exchange_deadline = once.call_deadline = kPatience;
    ImpatientWaiter waiter(stopping_);
    try {
        api::MetakockaGateway gateway(
            to_connection(*credentials), parts_.company, waiter, parts_.clock,
            [](std::uint64_t) { return std::uint64_t{0}; }, once);
        gateway.use_pricelist(parts_.scheduler.settings().pricelist);
        const sync::Ports ports{gateway,      parts_.crm, parts_.store,
                                parts_.clock, parts_.log, parts_.fingerprint};
        auto row = sync::read_from_erp(ports, kind, erp_id, base);
        if (!row) return {{}, kGoneNow};
        if (!row->problem.empty()) return {{}, std::move(row->problem)};
        return {std::move(row->record), {}};
    } catch (const sync::ErpError& error) {
        if (error.error_class() == ErpErrorClass::kCancelled) return {{}, kNoAnswer};
        if (error.error_class() == ErpErrorClass::kCredentials ||
            error.error_class() == ErpErrorClass::kAddress) {
            parts_.scheduler.connection_tested(false, true, error.what());  // nobody goes on knocking
        }
        return {{}, error.what()};
    }
}

bool LiveReader::apply(RecordKind kind, const sync::Link& link) {
    const std::string id = kind == RecordKind::kInventory ? sync::stock_product(link.erp_id) : link.erp_id;
    const auto wanted = parts_.scheduler.look_at(kind, {id}, sync::RunTrigger::kManual);
    if (!wanted.at_once || wanted.done.wait_for(kApplying) != std::future_status::ready) return false;
    try {
        return wanted.done.get().state == sync::RunState::kSucceeded;
    } catch (const std::future_error&) {
        return false;  // the scheduler has gone
    }
}

}  // namespace metakocka
