#include "store/two_way.hpp"

#include <limits>

#include <boost/json.hpp>

#include "store/journal.hpp"
#include "store/pack.hpp"
#include "store/places.hpp"
#include "store/sql.hpp"
#include "store/store.hpp"

namespace metakocka::store {

namespace {

constexpr std::string_view kOfErp = "erp";
constexpr std::string_view kOfCrm = "crm";

std::string details_of(const sync::ErpWrite& write, RecordKind kind) {
    boost::json::array fields;
    for (const auto& field : write.fields) fields.emplace_back(field);
    return boost::json::serialize(boost::json::object{{"kind", to_text(kind)},
                                                      {"erpId", write.erp_id},
                                                      {"crmId", write.crm_id},
                                                      {"fields", std::move(fields)},
                                                      {"allowedBy", write.allowed_by}});
}

}  // namespace

void put_conflict(Connection& connection, Instance& instance, const sync::Conflict& conflict) {
    const std::string sealed =
        instance.vault().seal("conflict", place(conflict.kind, conflict.crm_id), sync::encode(conflict));
    auto put = connection.use(sql::kPutConflict);
    put.bind(instance.name(), static_cast<int>(conflict.kind), conflict.crm_id, conflict.erp_id,
             conflict.since);
    put.bind_blob(6, sealed);
    put.run();
}

void put_two_way(Connection& connection, Instance& instance, const sync::Run& run, const sync::Batch& batch) {
    const int kind = static_cast<int>(run.kind);
    for (const auto& conflict : batch.conflicts) put_conflict(connection, instance, conflict);
    auto agree = connection.use(sql::kAgree);
    for (const auto& crm_id : batch.agreed) agree.bind(instance.name(), kind, crm_id).run();
    auto settle = connection.use(sql::kSettleIntent);
    for (const auto& crm_id : batch.settled) settle.bind(instance.name(), kind, crm_id).run();
    for (const auto& write : batch.erp_writes) {
        append_to_journal(connection, instance, "run " + run.id, "erp." + write.operation,
                          details_of(write, run.kind));
    }
}

std::vector<sync::Intent> Store::intents(RecordKind kind) {
    return instance_->database().read([&](Connection& connection) {
        std::vector<sync::Intent> intents;
        auto rows = connection.use(sql::kIntents);
        rows.bind(instance_->name(), static_cast<int>(kind));
        while (rows.step()) {
            sync::Intent intent;
            intent.crm_id = rows.text(0);
            intent.erp_id = rows.text(1);
            intent.since = rows.integer(2);
            intent.run_id = rows.text(3);
            auto parts =
                unpack(instance_->vault().open("intent", place(kind, intent.crm_id), rows.view(4)), 3);
            intent.wanted = parts[0].value_or("");
            intent.before = parts[1].value_or("");
            intent.side = parts[2] == kOfCrm ? sync::Side::kCrm : sync::Side::kErp;
            intents.push_back(std::move(intent));
        }
        return intents;
    });
}

void Store::put_intents(RecordKind kind, const std::vector<sync::Intent>& intents) {
    instance_->database().write_durably([&](Connection& connection) {
        auto put = connection.use(sql::kPutIntent);
        for (const auto& intent : intents) {
            const std::string sealed = instance_->vault().seal(
                "intent", place(kind, intent.crm_id),
                pack({intent.wanted, intent.before, intent.side == sync::Side::kCrm ? kOfCrm : kOfErp}));
            put.bind(instance_->name(), static_cast<int>(kind), intent.crm_id, intent.erp_id, intent.since,
                     intent.run_id);
            put.bind_blob(7, sealed);
            put.run();
        }
    });
}

std::vector<sync::Conflict> Store::conflicts(RecordKind kind) {
    return instance_->database().read([&](Connection& connection) {
        std::vector<sync::Conflict> conflicts;
        auto rows = connection.use(sql::kConflicts);
        rows.bind(instance_->name(), static_cast<int>(kind), std::string(),
                  std::numeric_limits<std::int64_t>::max());
        while (rows.step()) {
            sync::Conflict conflict;
            conflict.kind = kind;
            conflict.crm_id = rows.text(0);
            conflict.erp_id = rows.text(1);
            conflict.since = rows.integer(2);
            sync::decode(instance_->vault().open("conflict", place(kind, conflict.crm_id), rows.view(3)),
                         conflict);
            conflicts.push_back(std::move(conflict));
        }
        return conflicts;
    });
}

}  // namespace metakocka::store
