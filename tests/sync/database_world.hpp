// Both sides in memory, the module's own memory in a real database, and trouble at any one point where state
// leaves the engine: an exchange with the ERP or the CRM, or a commit.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "../unit/store_fixture.hpp"
#include "memory_world.hpp"
#include "store/store.hpp"

namespace metakocka::sync::testing {

enum class Trouble {
    kKilled,  // the process ends there
    kFails    // the exchange or commit fails, or its answer is lost, and the process goes on
};

// Counts the points of a run, and makes trouble once, at the given one (1, 2, 3 …; 0: never).
class Points {
  public:
    Points(Trouble trouble, std::size_t at) : trouble_(trouble), at_(at) {}

    // `fail` throws what the edge throws for a failure at this point; empty: it can't fail there.
    void pass(const std::string& what, const std::function<void()>& fail);
    std::size_t passed() const { return can_fail_.size(); }
    bool can_fail(std::size_t at) const { return can_fail_.at(at - 1); }
    // What the trouble came at; "" when it did not come.
    const std::string& hit() const { return hit_; }

  private:
    Trouble trouble_;
    std::size_t at_;
    std::vector<bool> can_fail_;  // of those passed
    std::string hit_;
};

// The module's database with a point before and after every commit.
class WatchedStore final : public SyncStore {
  public:
    WatchedStore(std::shared_ptr<store::Instance> instance, Points& points)
        : store_(std::move(instance)), points_(points) {}

    std::vector<std::optional<Link>> find_links(RecordKind kind,
                                                const std::vector<std::string>& ids) override;
    std::vector<std::optional<Link>> find_links_by_crm(RecordKind kind,
                                                       const std::vector<std::string>& ids) override;
    std::vector<Link> active_links(RecordKind kind, const std::string& after, std::size_t limit) override;
    std::optional<std::string> base(RecordKind kind, const std::string& erp_id) override;
    std::vector<Quarantined> quarantine(RecordKind kind) override;
    std::vector<Intent> intents(RecordKind kind) override;
    void put_intents(RecordKind kind, const std::vector<Intent>& intents) override;
    std::vector<Conflict> conflicts(RecordKind kind) override;
    void commit_links(RecordKind kind, const std::vector<LinkChange>& links) override;
    void commit(const Run& run, const Batch& batch) override;
    void save_run(const Run& run) override;
    std::optional<std::string> memo(RecordKind kind, const std::string& name) override;
    void put_memo(RecordKind kind, const std::string& name, const std::string& value) override;

  private:
    template <class Commit>
    void watched(const std::string& name, Commit commit);

    store::Store store_;
    Points& points_;
};

// All that outlives the process.
struct Outside {
    VirtualClock clock;
    MemoryErp erp;
    MemoryCrm crm;
};

class DatabaseWorld {
  public:
    DatabaseWorld() = default;
    // Everything as it is in `other`, whose database must be closed.
    explicit DatabaseWorld(const DatabaseWorld& other);
    DatabaseWorld& operator=(const DatabaseWorld&) = delete;

    Outside outside;

    void advance(Duration by);
    void close() { instance_.reset(); }
    // Runs each of `what` in turn, again and again, until all succeeded and nothing was written to either
    // side. After Killed it opens the database again, goes on with the run that was interrupted, and so on.
    // False when it never came to rest.
    bool run_until_quiet(const std::vector<RunKind>& what, Points& points);
    // What a person does in the list of conflicts.
    void decide_all(RecordKind kind, Side side);
    // Everything that must not depend on what went wrong, one fact a line, in order.
    std::vector<std::string> facts();

  private:
    std::shared_ptr<store::Instance> open();
    void watch(Points& points);
    Run run(const RunKind& what, Points& points);

    store::test::TempFolder folder_;
    store::test::TestWrapper wrapper_;
    std::shared_ptr<store::Instance> instance_;  // nothing: closed
    SilentLog log_;
    Fingerprinter fingerprint_{std::vector<std::uint8_t>(32, 7)};
};

}  // namespace metakocka::sync::testing
