// What people changed in the CRM since the last run that judged it all.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sync/plan.hpp"
#include "sync/ports.hpp"

namespace metakocka::sync {

class CrmFeed {
  public:
    struct Entry {
        bool deleted = false;
        Instant changed_at = 0;  // 0: not told
    };

    CrmFeed(Ports ports, RecordKind kind) : ports_(ports), kind_(kind) {}

    // The next run is told of everything again.
    static void from_the_start(SyncStore& store, RecordKind kind);

    // Reads one page; false when everything is read. Throws when the CRM has no feed at all.
    bool read();
    const Entry* find(const std::string& crm_id) const;
    // When a person changed it, as far as the CRM tells; at any time up to `now` when it does not.
    Span changed(const std::string& crm_id, Instant now) const;
    // Looks at this record again although nobody may have changed it.
    void add(const std::string& crm_id) { entries_.try_emplace(crm_id); }
    // The same for one that could not be dealt with before; one that is gone counts as deleted until it is.
    void retry(const std::string& crm_id);
    void judged(const std::string& crm_id) { entries_.erase(crm_id); }
    // One that nobody has judged yet.
    std::optional<std::string> next() const;
    std::size_t deleted() const { return deleted_; }
    // Everything was judged: the next run begins behind it.
    void finished();

  private:
    void start();

    Ports ports_;
    RecordKind kind_;
    std::vector<std::string> retried_;
    bool started_ = false;
    bool over_ = false;
    std::optional<std::string> cursor_;
    std::map<std::string, Entry> entries_;
    std::size_t deleted_ = 0;
};

}  // namespace metakocka::sync
