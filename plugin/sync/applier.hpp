// What a run does with the rows it reads: the part of it that depends on the direction.
#pragma once

#include <optional>
#include <vector>

#include "sync/erp_gateway.hpp"
#include "sync/run_types.hpp"
#include "sync/sync_store.hpp"

namespace metakocka::sync {

// Each call counts every record it judges in run.counts once, and answers what has to be committed with the
// run. May throw ErpError and crm::Error.
class Applier {
  public:
    virtual ~Applier() = default;

    // Called until it answers nothing, before anything is read: at most one exchange each time.
    virtual std::optional<Batch> prepare(Run&) { return std::nullopt; }
    virtual Batch apply(Run& run, std::vector<ErpRow> rows) = 0;
    // The ERP does not have these any more.
    virtual Batch deactivate(Run& run, const std::vector<Record>& gone) = 0;
    // Called until it answers nothing, once everything is read: one record that needs exchanges of its own.
    virtual std::optional<Batch> push(Run&) { return std::nullopt; }
    // All that was judged is committed.
    virtual void finished(const Run&) {}
};

}  // namespace metakocka::sync
