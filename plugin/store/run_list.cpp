// RunLog's runs.
#include <utility>

#include "store/cursor.hpp"
#include "store/run_log.hpp"
#include "store/run_row.hpp"
#include "store/sql.hpp"

namespace metakocka::store {

namespace {

// Greater than every id: those are digits and letters.
constexpr std::string_view kAfterAllIds = "~";

}  // namespace

void RunLog::save(const sync::Run& run) {
    instance_->database().write([&](Connection& connection) { put_run(connection, *instance_, run); });
}

std::optional<sync::Run> RunLog::get(const std::string& id) {
    return instance_->database().read([&](Connection& connection) -> std::optional<sync::Run> {
        auto row = connection.use(sql::kGetRun);
        row.bind(instance_->name(), id);
        if (!row.step()) return std::nullopt;
        return read_run(row, *instance_);
    });
}

Page<sync::Run> RunLog::list(std::optional<RecordKind> kind, const std::string& before, std::size_t limit) {
    return instance_->database().read([&](Connection& connection) {
        const std::string_view position = before.empty() ? kAfterAllIds : std::string_view(before);
        auto rows = connection.use(kind ? sql::kListRunsOfKind : sql::kListRuns);
        rows.bind(instance_->name(), position, with_one_more(limit));
        if (kind) rows.bind_one(4, static_cast<int>(*kind));
        Page<sync::Run> page;
        while (rows.step()) page.items.push_back(read_run(rows, *instance_));
        end_page(page, limit, [](const sync::Run& last) { return last.id; });
        return page;
    });
}

std::optional<sync::Run> RunLog::latest(RecordKind kind) {
    auto page = list(kind, "", 1);
    if (page.items.empty()) return std::nullopt;
    return std::move(page.items.front());
}

std::vector<sync::Run> RunLog::unfinished() {
    return instance_->database().read([&](Connection& connection) {
        std::vector<sync::Run> runs;
        auto rows = connection.use(sql::kUnfinishedRuns);
        rows.bind(instance_->name());
        while (rows.step()) runs.push_back(read_run(rows, *instance_));
        return runs;
    });
}

KindCounts RunLog::counts(RecordKind kind) {
    return instance_->database().read([&](Connection& connection) {
        const int kind_number = static_cast<int>(kind);
        KindCounts counts;
        auto links = connection.use(sql::kGetTally);
        if (links.bind(instance_->name(), kind_number).step()) {
            counts.linked = links.count(0);
            counts.inactive = links.count(1);
        }
        auto quarantined = connection.use(sql::kCountQuarantine);
        quarantined.bind(instance_->name(), kind_number).step();
        counts.quarantined = quarantined.count(0);
        auto conflicts = connection.use(sql::kCountConflicts);
        conflicts.bind(instance_->name(), kind_number).step();
        counts.conflicts = conflicts.count(0);
        return counts;
    });
}

std::uint64_t RunLog::prune(sync::Instant time) {
    return instance_->database().write([&](Connection& connection) {
        connection.use(sql::kPruneRunRecords).bind(instance_->name(), time).run();
        connection.use(sql::kPruneRuns).bind(instance_->name(), time).run();
        return connection.changes();
    });
}

}  // namespace metakocka::store
