// RunLog's records: what a run did to each, and what a record's values were before.
#include <string>

#include "store/cursor.hpp"
#include "store/pack.hpp"
#include "store/places.hpp"
#include "store/run_log.hpp"
#include "store/sql.hpp"

namespace metakocka::store {

namespace {

using sync::Bucket;

constexpr char kSeparator = '.';

Bucket parse_bucket(std::string_view word) {
    for (const Bucket bucket : {Bucket::kCreated, Bucket::kUpdated, Bucket::kUnchanged, Bucket::kDeactivated,
                                Bucket::kExcluded, Bucket::kConflict, Bucket::kQuarantined}) {
        if (to_text(bucket) == word) return bucket;
    }
    throw StoreError(StoreProblem::kInput, "there is no bucket of this name: " + std::string(word));
}

// "created.17": the bucket and the record's number.
struct Position {
    std::string bucket;
    std::int64_t number = 0;
};

Position parse_cursor(const std::string& text) {
    if (text.empty()) return {};
    const std::size_t separator = text.find(kSeparator);
    if (separator == std::string::npos) {
        throw StoreError(StoreProblem::kInput, "this is no position in the list");
    }
    const std::string_view bucket = std::string_view(text).substr(0, separator);
    return {std::string(to_text(parse_bucket(bucket))),
            parse_position(std::string_view(text).substr(separator + 1), 0)};
}

// Entries of the first version name no side: they are the CRM's.
sync::Side side_of(const Value& stored) {
    return stored == "erp" ? sync::Side::kErp : sync::Side::kCrm;
}

std::vector<FieldChange> changes_of(Connection& connection, Instance& instance, const std::string& run_id,
                                    const std::string& crm_id) {
    std::vector<FieldChange> changes;
    if (crm_id.empty()) return changes;
    auto rows = connection.use(sql::kHistoryOfRun);
    rows.bind(instance.name(), run_id, crm_id);
    while (rows.step()) {
        const auto kind = static_cast<RecordKind>(rows.integer(0));
        auto values =
            unpack(instance.vault().open("history", place(kind, rows.integer(1), crm_id), rows.view(3)), 3);
        changes.push_back({rows.text(2), std::move(values[0]), std::move(values[1]), side_of(values[2])});
    }
    return changes;
}

}  // namespace

Page<RunRecord> RunLog::records(const std::string& run_id, std::optional<Bucket> bucket,
                                const std::string& after, std::size_t limit) {
    Position position = parse_cursor(after);
    if (bucket) position.bucket = to_text(*bucket);
    return instance_->database().read([&](Connection& connection) {
        auto rows = connection.use(bucket ? sql::kRunRecordsOfBucket : sql::kRunRecords);
        rows.bind(instance_->name(), run_id, position.bucket, position.number, with_one_more(limit));
        Page<RunRecord> page;
        Position last;
        while (rows.step()) {
            if (page.items.size() == limit) {
                if (limit > 0) page.next = last.bucket + kSeparator + std::to_string(last.number);
                break;
            }
            last = {rows.text(0), rows.integer(1)};
            sync::RecordOutcome outcome{rows.text(2), rows.text(3), parse_bucket(last.bucket), {}};
            if (!rows.is_null(4)) {
                outcome.reason =
                    instance_->vault().open("run_record", place(last.number, run_id), rows.view(4));
            }
            auto changes = changes_of(connection, *instance_, run_id, outcome.crm_id);
            page.items.push_back({std::move(outcome), std::move(changes)});
        }
        return page;
    });
}

Page<HistoryItem> RunLog::history(RecordKind kind, const std::string& crm_id, const std::string& before,
                                  std::size_t limit) {
    const std::int64_t position = parse_position(before, kNewest);
    return instance_->database().read([&](Connection& connection) {
        auto rows = connection.use(sql::kHistoryOfRecord);
        rows.bind(instance_->name(), static_cast<int>(kind), crm_id, position, with_one_more(limit));
        Page<HistoryItem> page;
        std::int64_t last = 0;
        while (rows.step()) {
            if (page.items.size() == limit) {
                if (limit > 0) page.next = std::to_string(last);
                break;
            }
            last = rows.integer(0);
            auto values =
                unpack(instance_->vault().open("history", place(kind, last, crm_id), rows.view(5)), 3);
            page.items.push_back({rows.integer(4), rows.text(1),
                                  sync::HistoryEntry{crm_id, rows.text(2), rows.text(3), std::move(values[0]),
                                                     std::move(values[1]), side_of(values[2])}});
        }
        return page;
    });
}

}  // namespace metakocka::store
