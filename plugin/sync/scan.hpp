// Reading all there is of one kind, step by step.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sync/erp_gateway.hpp"
#include "sync/run_types.hpp"
#include "sync/sync_store.hpp"

namespace metakocka::sync {

class Scan {
  public:
    virtual ~Scan() = default;

    // One exchange with the ERP (or none); the rows it brought, each id once per scan. Throws ErpError.
    virtual std::vector<ErpRow> next() = 0;
    virtual bool over() const = 0;
    // It goes on where an earlier scan stopped.
    virtual bool resumed() const { return false; }
    // Only when over: nothing that is there can have been missed, so what has a link and was not met is a
    // candidate for deletion.
    virtual bool complete() const = 0;
    // False: it looks at single records, and what it did not meet says nothing.
    virtual bool lists() const { return true; }
    // Only when over: the list moved so much that rows may have been missed, although it was read from the
    // start.
    virtual bool doubtful() const { return false; }
    // Met in this scan, its row usable or not.
    virtual bool saw(const std::string& erp_id) const = 0;
    // Whether a record that was not met should have been, as its base says (a window of dates, say).
    virtual bool covers(const Record& base) const = 0;
    // Where a later scan of this kind can go on.
    virtual std::string checkpoint() const = 0;
    virtual Progress progress() const = 0;

    // Looks one record up directly: its fresh row, or nothing when the ERP does not have it any more.
    virtual std::optional<ErpRow> look_up(const Record& base) = 0;
    // What people should know of how it was read, as JSON; "" when there is nothing to say.
    virtual std::string note() const { return {}; }
    // Called once the run has succeeded: keep what the next run needs.
    virtual void finished() {}
};

}  // namespace metakocka::sync
