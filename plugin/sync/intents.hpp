// What is about to be written and can't be taken back: told before, so that a crash or a lost answer loses
// neither the write nor the value it replaced (design.md §5, rules 2 and 4).
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "sync/ports.hpp"

namespace metakocka::sync {

struct Announced {
    Side side{};
    std::string crm_id;
    const Record* before = nullptr;  // what is replaced; null when the record is to be added
    const Record* wanted = nullptr;
};

class Intents {
  public:
    // `allowed_by` names the setting that lets the ERP be written, for the audit trail.
    Intents(Ports ports, RecordKind kind, std::string allowed_by);

    // Finds out what became of one write that was announced and never settled; nothing when there is none
    // (more). Throws ErpError.
    std::optional<Batch> resolve(Run& run);

    // Durable when it returns.
    void announce(const Run& run, const std::vector<Announced>& writes);
    // The write has happened: what it replaced, and the entry of the audit trail. Settles it.
    void carried_out(Run& run, Batch& batch, Side side, const std::string& crm_id, const Record* before,
                     const Record& wanted, const std::vector<std::string>& fields);

  private:
    void resolve_add(Run& run, Batch& batch, const Intent& intent);
    void resolve_change(Run& run, Batch& batch, const Intent& intent);

    Ports ports_;
    RecordKind kind_;
    std::string allowed_by_;
    std::deque<Intent> open_;
};

// Names of the fields in which two records differ, "active" included.
std::vector<std::string> differing(const Record& one, const Record& two);

}  // namespace metakocka::sync
