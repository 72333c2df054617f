// Looks at one record in the ERP for somebody who waits for it. What is new goes into the CRM as everything
// else does: by a run, on the host's task thread.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "api/company.hpp"
#include "instance/live_record.hpp"
#include "instance/shared_calls.hpp"
#include "schedule/scheduler.hpp"
#include "store/credential_store.hpp"
#include "sync/ports.hpp"

namespace metakocka {

// [any-thread]
class LiveReader {
  public:
    struct Parts {
        store::CredentialStore& credentials;
        schedule::Scheduler& scheduler;
        sync::SyncStore& store;
        sync::CrmRecords& crm;  // never called: it belongs to the task thread
        sync::Clock& clock;
        sync::LogSink& log;
        const Fingerprinter& fingerprint;
        std::shared_ptr<api::Company> company;
    };
    static constexpr std::chrono::milliseconds kPatience{3000};  // design.md §7
    static constexpr std::chrono::milliseconds kApplying{1000};  // how long an answer waits for the CRM

    explicit LiveReader(Parts parts) : parts_(std::move(parts)) {}

    // Nothing when no record of the CRM with this id is linked.
    std::optional<LiveRecord> get(RecordKind kind, const std::string& crm_id);
    // Calls that are under way end soon.
    void stop() { stopping_ = true; }

  private:
    struct Found {
        std::optional<Record> record;
        std::string problem;  // why there is none
    };

    Found look(const sync::Link& link, const Record& base);
    Found ask_erp(RecordKind kind, const std::string& erp_id, const Record& base);
    bool apply(RecordKind kind, const sync::Link& link);

    Parts parts_;
    SharedCalls<Found> calls_;
    std::atomic<bool> stopping_{false};
};

}  // namespace metakocka
