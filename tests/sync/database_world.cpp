#include "database_world.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "store/journal.hpp"
#include "store/run_log.hpp"
#include "sync/gone.hpp"

namespace metakocka::sync::testing {

namespace {

constexpr std::array kKinds{RecordKind::kContacts, RecordKind::kProducts, RecordKind::kInvoices,
                            RecordKind::kInventory};

void fail_unsent() {
    throw ErpError(ErpErrorClass::kTransient, "the ERP is down");
}
void fail_unanswered() {
    throw ErpError(ErpErrorClass::kUnknownOutcome, "the answer was lost");
}
void fail_in_crm() {
    throw std::runtime_error("the CRM does not answer");
}
void fail_to_commit() {
    throw std::runtime_error("the disk is full");
}

std::string text_of(const Value& value) {
    return value ? '"' + *value + '"' : "-";
}

}  // namespace

void Points::pass(const std::string& what, const std::function<void()>& fail) {
    can_fail_.push_back(static_cast<bool>(fail));
    if (passed() != at_) return;
    if (trouble_ == Trouble::kKilled) {
        hit_ = what;
        throw Killed{};
    }
    if (!fail) return;
    hit_ = what;
    fail();
}

template <class Commit>
void WatchedStore::watched(const std::string& name, Commit commit) {
    points_.pass("before " + name, fail_to_commit);
    commit();
    points_.pass("after " + name, {});
}

std::vector<std::optional<Link>> WatchedStore::find_links(RecordKind kind,
                                                          const std::vector<std::string>& ids) {
    return store_.find_links(kind, ids);
}
std::vector<std::optional<Link>> WatchedStore::find_links_by_crm(RecordKind kind,
                                                                 const std::vector<std::string>& ids) {
    return store_.find_links_by_crm(kind, ids);
}
std::vector<Link> WatchedStore::active_links(RecordKind kind, const std::string& after, std::size_t limit) {
    return store_.active_links(kind, after, limit);
}
std::optional<std::string> WatchedStore::base(RecordKind kind, const std::string& erp_id) {
    return store_.base(kind, erp_id);
}
std::vector<Quarantined> WatchedStore::quarantine(RecordKind kind) {
    return store_.quarantine(kind);
}
std::vector<Intent> WatchedStore::intents(RecordKind kind) {
    return store_.intents(kind);
}
std::vector<Conflict> WatchedStore::conflicts(RecordKind kind) {
    return store_.conflicts(kind);
}
std::optional<std::string> WatchedStore::memo(RecordKind kind, const std::string& name) {
    return store_.memo(kind, name);
}
void WatchedStore::put_intents(RecordKind kind, const std::vector<Intent>& intents) {
    watched("put_intents", [&] { store_.put_intents(kind, intents); });
}
void WatchedStore::commit_links(RecordKind kind, const std::vector<LinkChange>& links) {
    watched("commit_links", [&] { store_.commit_links(kind, links); });
}
void WatchedStore::commit(const Run& run, const Batch& batch) {
    watched("commit", [&] { store_.commit(run, batch); });
}
void WatchedStore::save_run(const Run& run) {
    watched("save_run", [&] { store_.save_run(run); });
}
void WatchedStore::put_memo(RecordKind kind, const std::string& name, const std::string& value) {
    watched("put_memo " + name, [&] { store_.put_memo(kind, name, value); });
}

DatabaseWorld::DatabaseWorld(const DatabaseWorld& other) : outside(other.outside) {
    std::filesystem::copy_file(other.folder_.file(), folder_.file());
}

std::shared_ptr<store::Instance> DatabaseWorld::open() {
    if (!instance_) instance_ = store::Instance::open(folder_.path(), "acme", wrapper_, outside.clock);
    return instance_;
}

void DatabaseWorld::advance(Duration by) {
    outside.clock.advance(by);
    outside.crm.now += by;
}

void DatabaseWorld::watch(Points& points) {
    outside.erp.before = [&points](const std::string& call) {
        points.pass("before the ERP's " + call, fail_unsent);
    };
    outside.erp.after = [&points](const std::string& call) {
        points.pass("after the ERP's " + call, fail_unanswered);
    };
    outside.crm.before = [&points](const std::string& call) {
        points.pass("before the CRM's " + call, fail_in_crm);
    };
    outside.crm.after_upsert = [&points] { points.pass("after the CRM's upsert", fail_in_crm); };
}

Run DatabaseWorld::run(const RunKind& what, Points& points) {
    advance(kMinute);
    const auto instance = open();
    WatchedStore store(instance, points);
    const Ports ports{outside.erp, outside.crm, store, outside.clock, log_, fingerprint_};
    for (auto& interrupted : store::RunLog(instance).unfinished()) {
        if (interrupted.kind == what.kind) return run_whole(ports, what, std::move(interrupted));
    }
    return run_whole(ports, what);
}

bool DatabaseWorld::run_until_quiet(const std::vector<RunKind>& what, Points& points) {
    constexpr int kMostRounds = 10;
    watch(points);
    for (int round = 0; round < kMostRounds; ++round) {
        const auto written = outside.erp.writes + outside.crm.writes;
        bool all_well = true;
        for (const RunKind& each : what) {
            try {
                all_well = run(each, points).state == RunState::kSucceeded && all_well;
            } catch (const Killed&) {
                close();
                all_well = false;
            } catch (const std::exception&) {  // the run could not even be kept: the scheduler tries again
                all_well = false;
            }
        }
        if (all_well && outside.erp.writes + outside.crm.writes == written) return true;
    }
    return false;
}

void DatabaseWorld::decide_all(RecordKind kind, Side side) {
    store::Store store(open());
    Run person;
    person.id = "0";
    person.kind = kind;
    person.state = RunState::kSucceeded;
    Batch batch;
    batch.conflicts = store.conflicts(kind);
    for (auto& conflict : batch.conflicts) conflict.resolution = Resolution{.whole = side, .by_group = {}};
    store.commit(person, batch);
}

std::vector<std::string> DatabaseWorld::facts() {
    std::vector<std::string> facts;
    const auto record_text = [](const Record& record) {
        return encode_record(record) + (record.active ? "" : " inactive");
    };
    const auto erp_rows = [&](const std::vector<ErpRow>& rows) {
        for (const auto& row : rows)
            facts.push_back("ERP " + row.record.erp_id + ' ' + record_text(row.record));
    };
    erp_rows(outside.erp.partner_rows);
    erp_rows(outside.erp.product_rows);
    for (const auto& [key, stored] : outside.crm.records) {
        facts.push_back("CRM " + key + ' ' + text_of(stored.external_id) + ' ' + record_text(stored.record));
    }
    const auto instance = open();
    store::Store store(instance);
    store::RunLog runs(instance);
    constexpr std::size_t kAll = 1'000'000;
    std::vector<std::string> erp_ids;
    for (const auto& row : outside.erp.partner_rows) erp_ids.push_back(row.record.erp_id);
    for (const auto& row : outside.erp.product_rows) erp_ids.push_back(row.record.erp_id);
    for (const RecordKind kind : kKinds) {
        const std::string name(to_text(kind));
        for (std::uint64_t id = 1; id <= outside.crm.last_id(kind); ++id) {
            const auto link = store.find_links_by_crm(kind, {std::to_string(id)}).at(0);
            if (link) {
                facts.push_back("link " + name + ' ' + link->erp_id + " = " + link->crm_id +
                                (link->active ? "" : " inactive") +
                                (link->fingerprint == kGone ? " to be judged" : "") + ' ' +
                                store.base(kind, link->erp_id).value_or("no base"));
            }
            for (const auto& item : runs.history(kind, std::to_string(id), "", kAll).items) {
                const HistoryEntry& entry = item.entry;
                facts.push_back("history " + name + ' ' + entry.crm_id + '/' + entry.erp_id + ' ' +
                                entry.field + ' ' + text_of(entry.before) + " -> " + text_of(entry.after) +
                                (entry.side == Side::kErp ? " in the ERP" : " in the CRM"));
            }
        }
        for (auto conflict : store.conflicts(kind)) {
            conflict.erp->changed = conflict.crm->changed = {};  // when it was noticed
            facts.push_back("conflict " + name + ' ' + conflict.crm_id + '/' + conflict.erp_id + ' ' +
                            encode(conflict));
        }
        for (const auto& intent : store.intents(kind)) facts.push_back("announced " + intent.crm_id);
        for (const auto& entry : store.quarantine(kind)) {
            facts.push_back("quarantine " + entry.erp_id + ' ' + entry.reason);
        }
    }
    for (const auto& entry : store::Journal(instance).list("", kAll).items) {
        facts.push_back("journal " + entry.what + ' ' + entry.details);
    }
    std::sort(facts.begin(), facts.end());
    return facts;
}

}  // namespace metakocka::sync::testing
