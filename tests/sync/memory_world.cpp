#include "memory_world.hpp"

#include "sync/erp_limits.hpp"
#include "sync/look_up_scan.hpp"

namespace metakocka::sync::testing {

namespace {

std::string key_of(RecordKind kind, const std::string& id) {
    return std::string(to_text(kind)) + '/' + id;
}

}  // namespace

std::vector<CrmWritten> MemoryCrm::upsert(RecordKind kind, const std::vector<CrmWrite>& batch) {
    before("upsert");
    std::vector<CrmWritten> answers;
    for (const auto& write : batch) {
        CrmWritten answer;
        if (answer.error = refuse(write); !answer.error.empty()) {
            answer.outcome = WriteOutcome::kRefused;
            answers.push_back(std::move(answer));
            continue;
        }
        const Stored* known = by_external(kind, write.external_id);
        if (write.if_updated_at) {
            const auto target = known != nullptr ? records.find(key_of(kind, known->id))
                                                 : records.find(key_of(kind, write.link_to.value_or("")));
            const bool gone = target == records.end();
            if (gone || std::to_string(target->second.updated_at) != *write.if_updated_at) {
                answer.outcome = WriteOutcome::kConflict;
                if (!gone) answer.id = target->second.id;
                if (!gone) answer.updated_at = std::to_string(target->second.updated_at);
                answers.push_back(std::move(answer));
                continue;
            }
        }
        answer.outcome = known != nullptr || write.link_to ? WriteOutcome::kUpdated : WriteOutcome::kCreated;
        answer.id = known != nullptr ? known->id
                    : write.link_to  ? *write.link_to
                                     : std::to_string(++last_ids_[kind]);
        auto& stored = records[key_of(kind, answer.id)];
        stored.id = answer.id;
        stored.external_id = write.external_id;
        Record after = write.record;
        if (write.deactivate) {
            after = stored.record;
            after.active = false;
            if (kind == RecordKind::kInventory) after.at("amount") = "0";
        }
        after.erp_id = write.external_id;
        if (known != nullptr || write.link_to) {
            const auto fields = schema(kind);
            for (std::size_t i = 0; i < fields.size() && i < stored.record.values.size(); ++i) {
                if (stored.record.values[i] == after.values[i]) continue;
                answer.previous.emplace_back(std::string(fields[i].name), stored.record.values[i]);
            }
            if (stored.record.active != after.active) {
                answer.previous.emplace_back("active", stored.record.active ? "true" : "false");
            }
            if (answer.previous.empty()) answer.outcome = WriteOutcome::kUnchanged;
        }
        if (answer.outcome != WriteOutcome::kUnchanged) {
            stored.record = std::move(after);
            touch(stored);
            ++writes;
        }
        answer.updated_at = std::to_string(stored.updated_at);
        answers.push_back(std::move(answer));
    }
    after_upsert();
    return answers;
}

CrmPage MemoryCrm::unlinked(RecordKind kind, const std::string&, std::size_t) {
    before("unlinked");
    CrmPage page;
    for (const auto& [key, stored] : records) {
        if (stored.record.kind != kind || stored.external_id) continue;
        page.rows.push_back(
            {.id = stored.id, .updated_at = std::to_string(stored.updated_at), .record = stored.record});
    }
    return page;
}

const MemoryCrm::Stored* MemoryCrm::by_external(RecordKind kind, const std::string& external_id) const {
    for (const auto& [key, stored] : records) {
        if (stored.record.kind == kind && stored.external_id == external_id) return &stored;
    }
    return nullptr;
}

std::size_t MemoryCrm::count(RecordKind kind) const {
    std::size_t n = 0;
    for (const auto& [key, stored] : records) n += stored.record.kind == kind ? 1 : 0;
    return n;
}

std::uint64_t MemoryCrm::last_id(RecordKind kind) const {
    const auto last = last_ids_.find(kind);
    return last == last_ids_.end() ? 0 : last->second;
}

std::string MemoryCrm::add(RecordKind kind, Record record) {
    const std::string id = std::to_string(++last_ids_[kind]);
    Stored& stored = records[key_of(kind, id)];
    stored = {.id = id, .external_id = {}, .record = std::move(record)};
    touch(stored);
    by_users_[key_of(kind, id)] = {.sequence = ++sequence_, .at = stored.updated_at};
    return id;
}

void MemoryCrm::edit(RecordKind kind, const std::string& id, const std::function<void(Record&)>& change) {
    Stored& stored = records.at(key_of(kind, id));
    const Record former = stored.record;
    change(stored.record);
    if (stored.record == former) return;
    touch(stored);
    by_users_[key_of(kind, id)] = {.sequence = ++sequence_, .at = stored.updated_at};
}

void MemoryCrm::erase(RecordKind kind, const std::string& id) {
    Stored& stored = records.at(key_of(kind, id));
    touch(stored);
    by_users_[key_of(kind, id)] = {
        .sequence = ++sequence_, .at = stored.updated_at, .deleted = true, .external_id = stored.external_id};
    records.erase(key_of(kind, id));
}

std::vector<std::optional<Link>> MemoryStore::find_links(RecordKind kind,
                                                         const std::vector<std::string>& ids) {
    std::vector<std::optional<Link>> found;
    for (const auto& id : ids) {
        const auto it = links[kind].find(id);
        found.push_back(it == links[kind].end() ? std::nullopt : std::optional<Link>(it->second.link));
    }
    return found;
}

std::vector<std::optional<Link>> MemoryStore::find_links_by_crm(RecordKind kind,
                                                                const std::vector<std::string>& ids) {
    std::vector<std::optional<Link>> found(ids.size());
    for (const auto& [erp_id, change] : links[kind]) {
        for (std::size_t i = 0; i < ids.size(); ++i) {
            if (change.link.crm_id == ids[i]) found[i] = change.link;
        }
    }
    return found;
}

std::vector<Intent> MemoryStore::intents(RecordKind kind) {
    std::vector<Intent> found;
    for (const auto& [id, intent] : announced[kind]) found.push_back(intent);
    return found;
}

void MemoryStore::put_intents(RecordKind kind, const std::vector<Intent>& intents) {
    before_commit();
    for (const auto& intent : intents) announced[kind][intent.crm_id] = intent;
}

std::vector<Conflict> MemoryStore::conflicts(RecordKind kind) {
    std::vector<Conflict> found;
    for (const auto& [id, conflict] : in_conflict[kind]) found.push_back(conflict);
    return found;
}

std::vector<Link> MemoryStore::active_links(RecordKind kind, const std::string& after, std::size_t limit) {
    std::vector<Link> found;
    for (auto it = links[kind].upper_bound(after); it != links[kind].end() && found.size() < limit; ++it) {
        if (it->second.link.active) found.push_back(it->second.link);
    }
    return found;
}

std::optional<std::string> MemoryStore::base(RecordKind kind, const std::string& erp_id) {
    const auto it = links[kind].find(erp_id);
    if (it == links[kind].end()) return std::nullopt;
    return it->second.base;
}

std::vector<Quarantined> MemoryStore::quarantine(RecordKind kind) {
    std::vector<Quarantined> found;
    for (const auto& [id, entry] : aside[kind]) found.push_back(entry);
    return found;
}

void MemoryStore::commit_links(RecordKind kind, const std::vector<LinkChange>& changes) {
    before_commit();
    ++commits;
    for (const auto& change : changes) {
        // As in the database: a CRM record has one link.
        std::erase_if(links[kind], [&](const auto& entry) {
            return entry.second.link.crm_id == change.link.crm_id && entry.first != change.link.erp_id;
        });
        links[kind][change.link.erp_id] = change;
    }
}

void MemoryStore::commit(const Run& run, const Batch& batch) {
    commit_links(run.kind, batch.links);
    history.insert(history.end(), batch.history.begin(), batch.history.end());
    outcomes.insert(outcomes.end(), batch.outcomes.begin(), batch.outcomes.end());
    for (const auto& entry : batch.quarantine) aside[run.kind][entry.erp_id] = entry;
    for (const auto& id : batch.released) aside[run.kind].erase(id);
    for (const auto& conflict : batch.conflicts) in_conflict[run.kind][conflict.crm_id] = conflict;
    for (const auto& id : batch.agreed) in_conflict[run.kind].erase(id);
    for (const auto& id : batch.settled) announced[run.kind].erase(id);
    erp_writes.insert(erp_writes.end(), batch.erp_writes.begin(), batch.erp_writes.end());
    runs[run.id] = run;
}

std::optional<std::string> MemoryStore::memo(RecordKind kind, const std::string& name) {
    const auto it = memos.find(key_of(kind, name));
    if (it == memos.end()) return std::nullopt;
    return it->second;
}

void MemoryStore::put_memo(RecordKind kind, const std::string& name, const std::string& value) {
    memos[key_of(kind, name)] = value;
}

PlanPolicy both_ways(RecordKind kind, ConflictPolicy policy) {
    auto made = PlanPolicy::uniform(kind, Direction::kBidirectional, policy);
    made.erp = erp_abilities(kind);
    return made;
}

Run World::sync(RecordKind kind, const std::string& checkpoint, bool verify) {
    advance(kMinute);
    return run_whole(ports(), {.kind = kind, .verify = verify, .guard = guard}, checkpoint);
}

Run World::sync_two_way(RecordKind kind, const PlanPolicy& policy, bool verify) {
    advance(kMinute);
    return run_whole(ports(), {.kind = kind, .both_ways = policy, .verify = verify, .guard = guard});
}

Run World::look_at(RecordKind kind, std::vector<std::string> ids) {
    advance(kMinute);
    return run_whole(ports(), {.kind = kind, .guard = guard, .only = std::move(ids)},
                     std::string(LookUpScan::kCheckpoint));
}

}  // namespace metakocka::sync::testing
