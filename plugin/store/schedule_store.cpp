#include "store/schedule_store.hpp"

#include "store/sql.hpp"

namespace metakocka::store {

ScheduleState ScheduleStore::load(RecordKind kind) {
    return instance_->database().read([&](Connection& connection) {
        ScheduleState state;
        auto row = connection.use(sql::kGetSchedule);
        row.bind(instance_->name(), static_cast<int>(kind));
        if (row.step()) {
            state = {row.integer(0), row.text(1), row.integer(2), static_cast<std::uint32_t>(row.integer(3)),
                     row.text(4)};
        }
        return state;
    });
}

void ScheduleStore::save(RecordKind kind, const ScheduleState& state) {
    instance_->database().write([&](Connection& connection) {
        connection.use(sql::kPutSchedule)
            .bind(instance_->name(), static_cast<int>(kind), state.next_run_at, state.last_run_id,
                  state.last_success_at, state.failures, state.paused_reason)
            .run();
    });
}

}  // namespace metakocka::store
