// Makes runs: the connection to the ERP from the stored credentials, and the scan that fits the kind.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>

#include "api/company.hpp"
#include "api/connection.hpp"
#include "instance/host_records.hpp"
#include "instance/log_keeper.hpp"
#include "instance/retention.hpp"
#include "schedule/run_factory.hpp"
#include "store/credential_store.hpp"
#include "store/run_log.hpp"
#include "store/webhook_inbox.hpp"
#include "sync/applier.hpp"
#include "sync/guard.hpp"
#include "sync/ports.hpp"

namespace metakocka {

api::Connection to_connection(const vault::Credentials& credentials);

class RunBuilder final : public schedule::RunFactory {
  public:
    struct Parts {
        store::CredentialStore& credentials;
        store::RunLog& runs;
        store::WebhookInbox& webhooks;
        sync::SyncStore& store;
        sync::CrmRecords& crm;
        sync::Clock& clock;
        sync::LogSink& log;
        const Fingerprinter& fingerprint;
        Retention& retention;
        std::shared_ptr<api::Company> company;
        std::function<std::uint64_t(std::uint64_t most)> jitter;  // used by the task thread alone
        bool read_ahead;                                          // the host allows a thread for it
    };

    explicit RunBuilder(Parts parts);

    bool configured() override { return configured_; }
    std::unique_ptr<schedule::StartedRun> start(sync::Run run, const Settings& settings) override;
    std::unique_ptr<schedule::StartedRun> look_at(sync::Run run, const Settings& settings,
                                                  std::vector<std::string> ids) override;
    // [any-thread] Looks again whether there are credentials.
    void credentials_changed();

  private:
    // What changed; everything, compared with both sides; or single records.
    enum class Reading { kChanges, kVerifying, kSpots };

    std::unique_ptr<sync::Scan> scan(const sync::Run& run, const Settings& settings, sync::Ports ports,
                                     bool full);
    std::unique_ptr<sync::Applier> applier(RecordKind kind, const Settings& settings, sync::Ports ports,
                                           sync::DeleteGuard guard, Reading reading);
    // Other settings than in the last run: what they decided differently may lie anywhere on both sides.
    void judge_anew_if_ruled_otherwise(RecordKind kind, const Settings& settings);
    bool full_sweep_due(const sync::Run& run);

    Parts parts_;
    std::atomic<bool> configured_{false};
};

}  // namespace metakocka
