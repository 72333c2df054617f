// The audit trail: who did what, when. Append-only; every entry's hash covers the one before it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "store/instance.hpp"
#include "store/page.hpp"

namespace metakocka::store {

struct JournalEntry {
    std::int64_t number = 0;  // 1, 2, 3 … without gaps; set by append
    sync::Instant at = 0;     // set by append
    std::string who;          // a user's id, "timer", "webhook"; in clear
    std::string what;         // "settings.changed", "credentials.set", …; in clear
    std::string details;      // JSON; sealed; "" when it was erased
};

// Part of the transaction that is open on `connection`. Answers the entry's number.
std::int64_t append_to_journal(Connection& connection, Instance& instance, const std::string& who,
                               const std::string& what, const std::string& details);

// [any-thread]
class Journal {
  public:
    explicit Journal(std::shared_ptr<Instance> instance) : instance_(std::move(instance)) {}

    std::int64_t append(const std::string& who, const std::string& what, const std::string& details);
    // Newest first. `before` is the last page's `next` ("" at first).
    Page<JournalEntry> list(const std::string& before, std::size_t limit);
    // Number of the first entry that does not fit its hash, its predecessor or its details; nothing when all
    // do. The hashes are keyed: whoever can only write to the database can't forge them. Cutting off the
    // newest entries can only be seen by someone who noted their number elsewhere.
    std::optional<std::int64_t> first_broken();

  private:
    std::shared_ptr<Instance> instance_;
};

}  // namespace metakocka::store
