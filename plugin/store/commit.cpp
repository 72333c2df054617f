// Store's writing half.
#include <cstdint>
#include <string>

#include "store/error.hpp"
#include "store/pack.hpp"
#include "store/places.hpp"
#include "store/run_row.hpp"
#include "store/sql.hpp"
#include "store/store.hpp"
#include "store/two_way.hpp"

namespace metakocka::store {

namespace {

constexpr std::string_view kOfErp = "erp";
constexpr std::string_view kOfCrm = "crm";

void put_links(Connection& connection, Instance& instance, RecordKind kind,
               const std::vector<sync::LinkChange>& links) {
    const int kind_number = static_cast<int>(kind);
    auto former_link = connection.use(sql::kFormerLink);
    auto drop_rival = connection.use(sql::kDropRival);
    auto drop_base = connection.use(sql::kDropBase);
    auto put_link = connection.use(sql::kPutLink);
    auto put_base = connection.use(sql::kPutBase);
    former_link.bind(instance.name(), kind_number);
    drop_rival.bind(instance.name(), kind_number);
    drop_base.bind(instance.name(), kind_number);
    put_link.bind(instance.name(), kind_number);
    put_base.bind(instance.name(), kind_number);
    std::int64_t more_active = 0;
    std::int64_t more_inactive = 0;
    for (const auto& [link, base] : links) {
        former_link.bind_one(3, link.erp_id);
        if (former_link.step()) {
            --(former_link.integer(0) != 0 ? more_active : more_inactive);
        }
        former_link.reset();
        ++(link.active ? more_active : more_inactive);

        put_link.bind_one(3, link.erp_id);
        put_link.bind_one(4, link.crm_id);
        put_link.bind_one(5, link.fingerprint);
        put_link.bind_one(6, link.active ? 1 : 0);
        put_link.bind_one(7, link.unchanged_at);
        put_link.bind_one(8, link.changed_at);
        try {
            put_link.run();
        } catch (const StoreError& error) {
            if (error.problem() != StoreProblem::kConstraint) throw;
            // In the CRM the record was given to another one of the ERP; what it was linked to before is not.
            // Too rare to look for at every new link.
            put_link.reset();
            drop_rival.bind_one(3, link.crm_id);
            drop_rival.bind_one(4, link.erp_id);
            std::string rival;
            if (drop_rival.step()) {
                --(drop_rival.integer(0) != 0 ? more_active : more_inactive);
                rival = drop_rival.text(1);
            }
            drop_rival.reset();
            drop_base.bind_one(3, rival);
            drop_base.run();
            put_link.run();
        }
        const std::string sealed = instance.vault().seal("base", place(kind, link.erp_id), base);
        put_base.bind_one(3, link.erp_id);
        put_base.bind_blob(4, sealed);
        put_base.run();
    }
    if (more_active == 0 && more_inactive == 0) return;
    connection.use(sql::kAddToTally).bind(instance.name(), kind_number, more_active, more_inactive).run();
}

void add_history(Connection& connection, Instance& instance, const sync::Run& run,
                 const std::vector<sync::HistoryEntry>& entries) {
    const sync::Instant now = instance.now();
    auto add = connection.use(sql::kAddHistory);
    for (const sync::HistoryEntry& entry : entries) {
        const std::int64_t number = instance.new_number();
        const std::string sealed = instance.vault().seal(
            "history", place(run.kind, number, entry.crm_id),
            pack({entry.before, entry.after, entry.side == sync::Side::kErp ? kOfErp : kOfCrm}));
        add.bind(instance.name(), static_cast<int>(run.kind), entry.crm_id, number, run.id, entry.erp_id,
                 entry.field, now);
        add.bind_blob(9, sealed);
        add.run();
    }
}

void add_outcomes(Connection& connection, Instance& instance, const sync::Run& run,
                  const std::vector<sync::RecordOutcome>& outcomes) {
    auto add = connection.use(sql::kAddRunRecord);
    for (const sync::RecordOutcome& outcome : outcomes) {
        const std::int64_t number = instance.new_number();
        add.bind(instance.name(), run.id, to_text(outcome.bucket), number, outcome.erp_id, outcome.crm_id);
        // Most outcomes need no reason, and then no room.
        std::string sealed;
        if (outcome.reason.empty()) {
            add.bind_one(7, std::nullopt);
        } else {
            sealed = instance.vault().seal("run_record", place(number, run.id), outcome.reason);
            add.bind_blob(7, sealed);
        }
        add.run();
    }
}

void put_quarantine(Connection& connection, Instance& instance, RecordKind kind, const sync::Batch& batch) {
    auto put = connection.use(sql::kPutQuarantine);
    for (const sync::Quarantined& record : batch.quarantine) {
        const std::string sealed =
            instance.vault().seal("quarantine", place(kind, record.erp_id), record.reason);
        put.bind(instance.name(), static_cast<int>(kind), record.erp_id, record.since, record.tries);
        put.bind_blob(6, sealed);
        put.run();
    }
    auto release = connection.use(sql::kRelease);
    for (const std::string& erp_id : batch.released) {
        release.bind(instance.name(), static_cast<int>(kind), erp_id).run();
    }
}

}  // namespace

void Store::commit_links(RecordKind kind, const std::vector<sync::LinkChange>& links) {
    instance_->database().write(
        [&](Connection& connection) { put_links(connection, *instance_, kind, links); });
}

void Store::commit(const sync::Run& run, const sync::Batch& batch) {
    instance_->database().write([&](Connection& connection) {
        put_links(connection, *instance_, run.kind, batch.links);
        add_history(connection, *instance_, run, batch.history);
        add_outcomes(connection, *instance_, run, batch.outcomes);
        put_quarantine(connection, *instance_, run.kind, batch);
        put_two_way(connection, *instance_, run, batch);
        put_run(connection, *instance_, run);
    });
}

void Store::save_run(const sync::Run& run) {
    instance_->database().write([&](Connection& connection) { put_run(connection, *instance_, run); });
}

void Store::put_memo(RecordKind kind, const std::string& name, const std::string& value) {
    const std::string sealed = instance_->vault().seal("memo", place(kind, name), value);
    instance_->database().write([&](Connection& connection) {
        auto put = connection.use(sql::kPutMemo);
        put.bind(instance_->name(), static_cast<int>(kind), name);
        put.bind_blob(4, sealed);
        put.run();
    });
}

}  // namespace metakocka::store
