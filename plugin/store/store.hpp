// sync::SyncStore over the module's database.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "store/instance.hpp"
#include "sync/sync_store.hpp"

namespace metakocka::store {

// [any-thread] Reads never wait for a commit that is going on; they see the state before it.
class Store final : public sync::SyncStore {
  public:
    explicit Store(std::shared_ptr<Instance> instance) : instance_(std::move(instance)) {}

    std::vector<std::optional<sync::Link>> find_links(RecordKind kind,
                                                      const std::vector<std::string>& erp_ids) override;
    std::vector<std::optional<sync::Link>> find_links_by_crm(
        RecordKind kind, const std::vector<std::string>& crm_ids) override;
    std::vector<sync::Link> active_links(RecordKind kind, const std::string& after,
                                         std::size_t limit) override;
    std::optional<std::string> base(RecordKind kind, const std::string& erp_id) override;
    std::vector<sync::Quarantined> quarantine(RecordKind kind) override;
    std::vector<sync::Intent> intents(RecordKind kind) override;
    void put_intents(RecordKind kind, const std::vector<sync::Intent>& intents) override;
    std::vector<sync::Conflict> conflicts(RecordKind kind) override;

    // A link takes its CRM record over from another link of its kind that had it; that one is gone then.
    void commit_links(RecordKind kind, const std::vector<sync::LinkChange>& links) override;
    // Quarantined::since and tries are stored as given.
    void commit(const sync::Run& run, const sync::Batch& batch) override;
    void save_run(const sync::Run& run) override;

    std::optional<std::string> memo(RecordKind kind, const std::string& name) override;
    void put_memo(RecordKind kind, const std::string& name, const std::string& value) override;

  private:
    std::shared_ptr<Instance> instance_;
};

}  // namespace metakocka::store
