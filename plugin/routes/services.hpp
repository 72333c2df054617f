// What the endpoints work on. All of it outlives them and may be used from any thread.
#pragma once

#include <functional>
#include <string>

#include "instance/live_record.hpp"
#include "instance/log_keeper.hpp"
#include "schedule/scheduler.hpp"
#include "store/credential_store.hpp"
#include "store/journal.hpp"
#include "store/log_book.hpp"
#include "store/review_list.hpp"
#include "store/run_log.hpp"
#include "store/webhook_inbox.hpp"
#include "sync/clock.hpp"

namespace metakocka::routes {

// What a connection test found (design.md §7).
struct TestResult {
    bool ok = false;
    std::int64_t latency_ms = 0;
    std::string
        reason;  // "invalid_credentials", "ip_not_allowed", "unreachable", "tls", "quota", "not_the_api"
    std::string message;
};

struct Services {
    schedule::Scheduler& scheduler;
    store::RunLog& runs;
    store::ReviewList& review;
    store::LogBook& logs;
    store::CredentialStore& credentials;
    store::Journal& journal;
    LogKeeper& log;
    sync::Clock& clock;
    // Keeps the settings durably; throws when it can't.
    std::function<void(const Settings&)> save_settings;
    // The credentials that runs use from now on; nothing forgets them.
    std::function<void()> credentials_changed;
    std::function<TestResult(const vault::Credentials&)> test_connection;
    // Throws std::invalid_argument, with a text for people, when `base_url` can't be used.
    std::function<void(const std::string& base_url)> check_base_url;
    // The same for a CA certificate in PEM form.
    std::function<void(const std::string& pem)> check_certificate;
    // The company whose records are linked; nothing at first.
    std::function<std::optional<std::string>()> linked_company;
    std::function<void(const std::string& company_id)> remember_company;
    std::string default_base_url;
    store::WebhookInbox& webhooks;
    // One record as the ERP has it now; nothing when no record of the CRM with this id is linked.
    std::function<std::optional<LiveRecord>(RecordKind kind, const std::string& crm_id)> live;
};

}  // namespace metakocka::routes
