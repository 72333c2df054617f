#include "store/webhook_inbox.hpp"

#include <set>
#include <sstream>

#include "store/sql.hpp"

namespace metakocka::store {

namespace {

constexpr char kTable[] = "webhook_event";

}  // namespace

bool WebhookInbox::take(const std::string& event, const std::vector<std::string>& products) {
    std::string list;
    for (const auto& id : products) list += (list.empty() ? "" : " ") + id;
    const std::string sealed = instance_->vault().seal(kTable, event, list);
    const sync::Instant now = instance_->now();
    return instance_->database().write([&](Connection& connection) {
        connection.use(sql::kForgetOldWebhooks).bind(instance_->name(), now - kRemembered).run();
        connection.use(sql::kForgetMostWebhooks).bind(instance_->name(), kMost - 1).run();
        auto take = connection.use(sql::kTakeWebhook);
        take.bind(instance_->name(), event, now);
        if (list.empty()) {
            take.bind_one(4, std::nullopt);
        } else {
            take.bind_blob(4, sealed);
        }
        take.run();
        return connection.changes() > 0;
    });
}

WebhookInbox::Pending WebhookInbox::pending() {
    return instance_->database().read([&](Connection& connection) {
        Pending pending;
        std::set<std::string> products;
        auto rows = connection.use(sql::kPendingWebhooks);
        rows.bind(instance_->name());
        while (rows.step()) {
            pending.events.push_back(rows.text(0));
            std::istringstream list(instance_->vault().open(kTable, pending.events.back(), rows.view(1)));
            for (std::string id; list >> id;) products.insert(std::move(id));
        }
        pending.products.assign(products.begin(), products.end());
        return pending;
    });
}

void WebhookInbox::settle(const std::vector<std::string>& events) {
    instance_->database().write([&](Connection& connection) {
        auto settle = connection.use(sql::kSettleWebhook);
        for (const auto& event : events) settle.bind(instance_->name(), event).run();
    });
}

}  // namespace metakocka::store
