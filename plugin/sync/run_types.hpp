// The words of a run that every layer shares.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "model/kind.hpp"
#include "sync/clock.hpp"

namespace metakocka::sync {

enum class RunMode { kSync, kFull };
enum class RunTrigger { kTimer, kManual, kWebhook };
enum class RunState { kQueued, kRunning, kSucceeded, kPartial, kFailed, kCancelled, kHeld };

// Every record a run judged is in exactly one.
enum class Bucket { kCreated, kUpdated, kUnchanged, kDeactivated, kExcluded, kConflict, kQuarantined };

constexpr std::string_view to_text(RunMode mode) {
    return mode == RunMode::kSync ? "sync" : "full";
}
constexpr std::string_view to_text(RunTrigger t) {
    constexpr std::array<std::string_view, 3> kNames{"timer", "manual", "webhook"};
    return kNames[static_cast<std::size_t>(t)];
}
constexpr std::string_view to_text(RunState state) {
    constexpr std::array<std::string_view, 7> kNames{"queued", "running",   "succeeded", "partial",
                                                     "failed", "cancelled", "held"};
    return kNames[static_cast<std::size_t>(state)];
}
constexpr std::string_view to_text(Bucket bucket) {
    constexpr std::array<std::string_view, 7> kNames{"created",  "updated",   "unchanged",  "deactivated",
                                                     "excluded", "conflicts", "quarantined"};
    return kNames[static_cast<std::size_t>(bucket)];
}

struct Counts {
    std::array<std::uint64_t, 7> by_bucket{};
    std::uint64_t written = 0;  // records written to the ERP

    std::uint64_t& operator[](Bucket bucket) { return by_bucket[static_cast<std::size_t>(bucket)]; }
    std::uint64_t operator[](Bucket bucket) const { return by_bucket[static_cast<std::size_t>(bucket)]; }
    // The sum of all buckets, by construction (rule 9).
    std::uint64_t records() const {
        std::uint64_t sum = 0;
        for (const auto n : by_bucket) sum += n;
        return sum;
    }
};

struct Progress {
    std::uint64_t done = 0;
    std::uint64_t total = 0;  // 0: not known
    std::string phase;        // "reading", "confirming", …
};

struct Run {
    std::string id;  // sortable by time
    RecordKind kind{};
    RunMode mode{};
    RunTrigger trigger{};
    RunState state{};
    Instant queued_at = 0;
    Instant started_at = 0;
    Instant finished_at = 0;
    Counts counts;
    std::uint64_t calls = 0;
    std::uint64_t retries = 0;
    std::uint64_t bytes = 0;
    Progress progress;
    std::string error;       // for people; "" when there is none
    std::string error_kind;  // "credentials", "quota", "transient", "tls", "guard" …
    std::string checkpoint;  // where it goes on after a crash; the scan's own text
    std::string note;        // e.g. the coverage of contacts, JSON
};

}  // namespace metakocka::sync
