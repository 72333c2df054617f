#include "store/run_row.hpp"

#include <array>
#include <string>

#include "store/error.hpp"
#include "store/pack.hpp"
#include "store/sql.hpp"

namespace metakocka::store {

namespace {

using sync::Bucket;
using sync::RunMode;
using sync::RunState;
using sync::RunTrigger;

constexpr std::array kModes{RunMode::kSync, RunMode::kFull};
constexpr std::array kTriggers{RunTrigger::kTimer, RunTrigger::kManual, RunTrigger::kWebhook};
constexpr std::array kStates{RunState::kQueued,  RunState::kRunning, RunState::kSucceeded,
                             RunState::kPartial, RunState::kFailed,  RunState::kCancelled,
                             RunState::kHeld};
// In the order of the columns.
constexpr std::array kBuckets{Bucket::kCreated,  Bucket::kUpdated,  Bucket::kUnchanged,  Bucket::kDeactivated,
                              Bucket::kExcluded, Bucket::kConflict, Bucket::kQuarantined};
constexpr int kFirstCount = 8;

// Words are stored instead of numbers, so that the enums may be put in another order.
template <class Enum, std::size_t count>
Enum parse(const std::array<Enum, count>& all, std::string_view word) {
    for (const Enum value : all) {
        if (sync::to_text(value) == word) return value;
    }
    throw StoreError(StoreProblem::kInput, "a stored run has an unknown word: " + std::string(word));
}

}  // namespace

void put_run(Connection& connection, Instance& instance, const sync::Run& run) {
    const std::string texts = pack({run.error, run.checkpoint, run.note});
    const std::string sealed = instance.vault().seal("run", run.id, texts);
    const sync::Counts& counts = run.counts;
    auto put = connection.use(sql::kPutRun);
    put.bind(instance.name(), run.id, static_cast<int>(run.kind), to_text(run.mode), to_text(run.trigger),
             to_text(run.state), run.queued_at, run.started_at, run.finished_at, counts[Bucket::kCreated],
             counts[Bucket::kUpdated], counts[Bucket::kUnchanged], counts[Bucket::kDeactivated],
             counts[Bucket::kExcluded], counts[Bucket::kConflict], counts[Bucket::kQuarantined],
             counts.written, run.calls, run.retries, run.bytes, run.progress.done, run.progress.total,
             run.progress.phase, run.error_kind);
    put.bind_blob(25, sealed);
    put.run();
}

sync::Run read_run(const Statement& row, Instance& instance) {
    sync::Run run;
    run.id = row.text(0);
    run.kind = static_cast<RecordKind>(row.integer(1));
    run.mode = parse(kModes, row.view(2));
    run.trigger = parse(kTriggers, row.view(3));
    run.state = parse(kStates, row.view(4));
    run.queued_at = row.integer(5);
    run.started_at = row.integer(6);
    run.finished_at = row.integer(7);
    int column = kFirstCount;
    for (const Bucket bucket : kBuckets) run.counts[bucket] = row.count(column++);
    run.counts.written = row.count(column++);
    run.calls = row.count(column++);
    run.retries = row.count(column++);
    run.bytes = row.count(column++);
    run.progress.done = row.count(column++);
    run.progress.total = row.count(column++);
    run.progress.phase = row.text(column++);
    run.error_kind = row.text(column++);
    auto texts = unpack(instance.vault().open("run", run.id, row.view(column)), 3);
    run.error = std::move(texts[0]).value_or("");
    run.checkpoint = std::move(texts[1]).value_or("");
    run.note = std::move(texts[2]).value_or("");
    return run;
}

}  // namespace metakocka::store
