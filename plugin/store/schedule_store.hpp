// What the timers remember between restarts.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "model/kind.hpp"
#include "store/instance.hpp"

namespace metakocka::store {

struct ScheduleState {
    sync::Instant next_run_at = 0;  // 0: not planned
    std::string last_run_id;
    sync::Instant last_success_at = 0;  // 0: never
    std::uint32_t failures = 0;         // in a row
    std::string paused_reason;          // "" when not paused

    friend bool operator==(const ScheduleState&, const ScheduleState&) = default;
};

// [any-thread]
class ScheduleStore {
  public:
    explicit ScheduleStore(std::shared_ptr<Instance> instance) : instance_(std::move(instance)) {}

    // Default state when nothing was saved yet.
    ScheduleState load(RecordKind kind);
    void save(RecordKind kind, const ScheduleState& state);

  private:
    std::shared_ptr<Instance> instance_;
};

}  // namespace metakocka::store
