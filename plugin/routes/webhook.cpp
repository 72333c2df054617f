#include "routes/webhook.hpp"

#include <algorithm>
#include <stdexcept>

#include "api/webhook.hpp"

namespace metakocka::routes {

namespace {

constexpr std::size_t kMostBytes = std::size_t{1} << 20;
constexpr std::size_t kLongestId = 200;
// Strangers may knock as often as they like; they must not fill the log.
constexpr sync::Duration kNoteRefusedEvery = sync::kMinute;

bool is_usable(const std::string& id) {
    return !id.empty() && id.size() <= kLongestId &&
           std::all_of(id.begin(), id.end(), [](char c) { return c > 0x20 && c < 0x7F; });
}

void accept(Reply& reply) {
    reply.text(200, "application/json; charset=utf-8", api::kAccepted);
}

}  // namespace

// The events carry neither a time nor a number, so an old one can't be told from a new one. They only say
// what to look at: late, doubled or reordered ones end in what the ERP has now.
void Webhook::receive(const Request& request, Reply& reply) {
    if (!services_.scheduler.settings().webhooks_enabled) {
        throw Problem{403,
                      "Forbidden",
                      "Webhooks are switched off. Switch them on in the settings of the connector "
                      "(webhooksEnabled).",
                      {},
                      {}};
    }
    if (request.body.size() > kMostBytes) {
        throw Problem{
            413, "Content Too Large", "A webhook may have 1 MiB at most; nothing was done.", {}, {}};
    }
    check_signature(request);
    const std::string id = request.header("x-metakocka-id");
    if (!is_usable(id)) {
        throw Problem{400,
                      "Bad Request",
                      "The header X-MetaKocka-Id must be the event's id, 1 to 200 printable characters; "
                      "nothing was done.",
                      {},
                      {}};
    }
    const std::string event = request.header("x-metakocka-event");
    if (!event.empty() && event != api::kStockEvent) {
        services_.log.note(sync::LogLevel::kInfo, "webhook",
                           "A webhook for an event that this version does not know was passed over.");
        return accept(reply);
    }
    std::vector<std::string> products;
    try {
        products = api::products_of_stock_event(request.body);
    } catch (const std::invalid_argument& problem) {
        throw Problem{400,
                      "Bad Request",
                      std::string("This is no stock event: ") + problem.what() + "; nothing was done.",
                      {},
                      {}};
    }
    if (services_.webhooks.take(id, products) && !products.empty()) {
        services_.scheduler.look_at(RecordKind::kInventory, {}, sync::RunTrigger::kWebhook);
    }
    accept(reply);
}

void Webhook::check_signature(const Request& request) {
    const auto credentials = services_.credentials.get();
    if (!credentials || !credentials->webhook_secret) {
        throw Problem{403,
                      "Forbidden",
                      "There is no webhook secret to check this with. Enter the one that Metakocka's webhook "
                      "settings show, together with the credentials.",
                      {},
                      {}};
    }
    if (api::is_signed(*credentials->webhook_secret, request.body, request.header("x-metakocka-signature"))) {
        return;
    }
    note_refused();
    throw Problem{401,
                  "Unauthorized",
                  "The header X-MetaKocka-Signature does not fit this body and the stored webhook secret; "
                  "nothing was done.",
                  {},
                  {}};
}

void Webhook::note_refused() {
    std::uint64_t count = 0;
    {
        const std::lock_guard lock(refusals_);
        ++refused_;
        const sync::Instant now = services_.clock.monotonic();
        if (refused_noted_ != 0 && now - refused_noted_ < kNoteRefusedEvery) return;
        refused_noted_ = now;
        count = std::exchange(refused_, 0);
    }
    services_.log.note(
        sync::LogLevel::kWarning, "webhook",
        std::to_string(count) +
            " webhooks with a wrong signature were refused. If they come from Metakocka, enter "
            "its webhook secret anew.");
}

}  // namespace metakocka::routes
