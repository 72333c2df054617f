// What waits for a person: conflicts and the quarantine, as lists.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "store/instance.hpp"
#include "store/page.hpp"
#include "sync/conflict.hpp"
#include "sync/sync_store.hpp"

namespace metakocka::store {

struct KeptAside {
    RecordKind kind{};
    sync::Quarantined entry;
};

// [any-thread] Lists go by kind, then by id. `after` is a cursor ("" at first); one that is none throws
// StoreError(kInput).
class ReviewList {
  public:
    explicit ReviewList(std::shared_ptr<Instance> instance) : instance_(std::move(instance)) {}

    Page<sync::Conflict> conflicts(std::optional<RecordKind> kind, const std::string& after,
                                   std::size_t limit);
    std::optional<sync::Conflict> conflict(RecordKind kind, const std::string& crm_id);
    // What a person decided, for the next run to carry out. False when there is no such conflict (any more).
    bool decide(RecordKind kind, const std::string& crm_id, const sync::Resolution& resolution);

    Page<KeptAside> quarantine(std::optional<RecordKind> kind, const std::string& after, std::size_t limit);
    std::optional<KeptAside> kept_aside(RecordKind kind, const std::string& key);

  private:
    std::shared_ptr<Instance> instance_;
};

}  // namespace metakocka::store
