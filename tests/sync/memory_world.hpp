// Both sides of a sync and everything between them, in memory: an ERP, a CRM, the module's memory and a clock
// that only moves when told to.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine.hpp"
#include "sync/ports.hpp"
#include "sync/scan.hpp"

namespace metakocka::sync::testing {

class VirtualClock final : public Clock {
  public:
    Instant now() override { return now_; }
    Instant monotonic() override { return monotonic_; }
    void advance(Duration by) {
        now_ += by;
        monotonic_ += by;
    }
    // Somebody sets it.
    void shift(Duration by) { now_ += by; }

  private:
    Instant now_ = 1'790'000'000'000'000;
    Instant monotonic_ = now_;
};

// Rows are listed in the order of `products`, so that a test can let the list move between pages.
class MemoryErp final : public ErpGateway {
  public:
    std::vector<ErpRow> product_rows;
    std::vector<StockRow> stock_rows;
    std::map<BillType, std::vector<ErpRow>> bill_rows;
    std::vector<ErpRow> partner_rows;
    bool sweeps_find = true;  // whether a one-letter name finds anything
    // Called before every exchange; may throw ErpError or change the lists.
    std::function<void(const std::string& call)> before = [](const std::string&) {};
    // Called when a write has been made and before it is answered ("add", "update"): throw
    // ErpError(kUnknownOutcome) for an answer that got lost. One that got lost on the way there is thrown by
    // `before`. The read that an update begins with is "update read".
    std::function<void(const std::string& call)> after = [](const std::string&) {};
    bool clears_contacts = true;  // whether an empty text clears a contact's field
    std::uint64_t calls = 0;
    std::uint64_t writes = 0;  // records really added or changed

    ErpPage products(std::uint64_t offset, std::uint32_t limit, const Value& pricelist) override;
    StockPage stock(std::uint64_t offset, std::uint32_t limit) override;
    ErpPage bills(const BillQuery& query, std::uint64_t offset, std::uint32_t limit) override;
    std::vector<ErpRow> partners(PartnerKey key, const std::string& text) override;
    std::optional<ErpRow> product(const std::string& mk_id, const Value& code) override;
    std::optional<ErpRow> bill(BillType type, const std::string& mk_id) override;
    std::vector<StockRow> stock_of(const std::vector<std::string>& product_mk_ids) override;
    bool offers_last_change(BillType) override { return false; }
    ErpRow add(const Record& wanted) override;
    ErpUpdate update(const Record& expected, const Record& wanted) override;
    std::vector<ErpRow> find_added(const Record& wanted) override;
    CallStats stats() const override { return {calls, 0, 0}; }

  private:
    void exchange(const std::string& call);
    std::vector<ErpRow>& rows_of(RecordKind kind);

    std::uint64_t next_id_ = 900'000;
};

class MemoryCrm final : public CrmRecords {
  public:
    struct Stored {
        std::string id;
        Value external_id;
        Record record;
        std::uint64_t version = 0;  // rises with every real change
        Instant updated_at = 0;
    };
    std::map<std::string, Stored> records;  // by "kind/id"
    Instant now = 1'790'000'000'000'000;    // the CRM's own clock; World::advance moves it
    bool offers_feed = true;
    std::string history = "first";  // whose cursors are known; another one: an old backup was restored
    std::function<std::string(const CrmWrite&)> refuse = [](const CrmWrite&) { return std::string(); };
    // Called before every exchange; may throw.
    std::function<void(const std::string& call)> before = [](const std::string&) {};
    // Called when records have been written and before that is answered; may throw.
    std::function<void()> after_upsert = [] {};
    std::uint64_t writes = 0;  // records really changed

    std::vector<CrmWritten> upsert(RecordKind kind, const std::vector<CrmWrite>& batch) override;
    CrmPage unlinked(RecordKind kind, const std::string& after, std::size_t limit) override;

    const Stored* by_external(RecordKind kind, const std::string& external_id) const;
    std::size_t count(RecordKind kind) const;
    std::uint64_t last_id(RecordKind kind) const;
    std::vector<std::optional<CrmRow>> rows(RecordKind kind,
                                            const std::vector<std::string>& external_ids) override;
    std::vector<std::optional<CrmRow>> rows_by_id(RecordKind kind,
                                                  const std::vector<std::string>& ids) override;
    std::optional<CrmChanges> changes(RecordKind kind, const std::optional<std::string>& after,
                                      std::size_t limit) override;

    // What a user of the CRM does.
    std::string add(RecordKind kind, Record record);
    void edit(RecordKind kind, const std::string& id, const std::function<void(Record&)>& change);
    void erase(RecordKind kind, const std::string& id);

  private:
    struct UserChange {
        std::uint64_t sequence = 0;
        Instant at = 0;
        bool deleted = false;
        Value external_id{};  // of one that is gone
    };
    struct Cursor;
    void touch(Stored& stored) const;
    Cursor read_cursor(const std::string& text) const;
    CrmChanges list(RecordKind kind, const Cursor& cursor, std::size_t limit) const;
    CrmChanges list_since(RecordKind kind, std::uint64_t sequence, std::size_t limit) const;

    std::map<RecordKind, std::uint64_t> last_ids_;
    std::uint64_t sequence_ = 0;
    std::map<std::string, UserChange> by_users_;  // the last one of each record, by "kind/id"
};

class MemoryStore final : public SyncStore {
  public:
    std::map<RecordKind, std::map<std::string, LinkChange>> links;
    std::map<RecordKind, std::map<std::string, Quarantined>> aside;
    std::vector<HistoryEntry> history;
    std::vector<RecordOutcome> outcomes;
    std::map<std::string, Run> runs;
    std::map<std::string, std::string> memos;
    std::map<RecordKind, std::map<std::string, Intent>> announced;
    std::map<RecordKind, std::map<std::string, Conflict>> in_conflict;
    std::vector<ErpWrite> erp_writes;
    std::uint64_t commits = 0;
    std::function<void()> before_commit = [] {};

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
    void commit_links(RecordKind kind, const std::vector<LinkChange>& changes) override;
    void commit(const Run& run, const Batch& batch) override;
    void save_run(const Run& run) override { runs[run.id] = run; }
    std::optional<std::string> memo(RecordKind kind, const std::string& name) override;
    void put_memo(RecordKind kind, const std::string& name, const std::string& value) override;
};

class SilentLog final : public LogSink {
  public:
    std::vector<std::string> lines;
    void note(LogLevel, const Run&, const std::string& operation, const std::string& message) override {
        lines.push_back(operation + ": " + message);
    }
};

struct World {
    VirtualClock clock;
    MemoryErp erp;
    MemoryCrm crm;
    MemoryStore store;
    SilentLog log;
    Fingerprinter fingerprint{std::vector<std::uint8_t>(32, 7)};
    DeleteGuard guard;

    Ports ports() { return {erp, crm, store, clock, log, fingerprint}; }
    // Both sides' clocks.
    void advance(Duration by) {
        clock.advance(by);
        crm.now += by;
    }
    // A whole run of one kind, from the start or from `checkpoint`.
    Run sync(RecordKind kind, const std::string& checkpoint = "", bool verify = false);
    // A look at single records, as a webhook or a person asks for one.
    Run look_at(RecordKind kind, std::vector<std::string> ids);
    // The same as sync in both directions, or from the CRM to the ERP.
    Run sync_two_way(RecordKind kind, const PlanPolicy& policy, bool verify = false);
};

// Contacts or products in both directions, with what the ERP really takes.
PlanPolicy both_ways(RecordKind kind, ConflictPolicy policy = ConflictPolicy::kNewestWins);
ErpRow product_row(const std::string& id, const std::string& name, const std::string& price = "1");
ErpRow partner_row(const std::string& id, const std::string& name, Value tax_number = std::nullopt);
ErpRow bill_row(const std::string& id, BillType type, const std::string& partner_id, const std::string& date);

}  // namespace metakocka::sync::testing
