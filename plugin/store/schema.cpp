#include "store/migration.hpp"

#include <array>

namespace metakocka::store {

namespace {

// What is clear here is an id, a time, a number or a word of this module; all else is `sealed`.
// Numbered columns: `kind` is RecordKind. Times are microseconds since 1970. A table WITHOUT ROWID is one
// tree in the order of its key: right for short rows. Bases are long, so they are appended and found through
// an index; in the order of ids each would cost a page of its own when the ERP lists in another order.
// A PostgreSQL version of this text leaves WITHOUT ROWID out and says BYTEA for BLOB.
constexpr char kVersion1[] = R"sql(
CREATE TABLE data_key (
    instance TEXT NOT NULL,
    id INTEGER NOT NULL,
    wrapped BLOB NOT NULL,
    key_check BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (instance, id)
) WITHOUT ROWID;

CREATE TABLE credential (
    instance TEXT NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (instance)
) WITHOUT ROWID;

CREATE TABLE link (
    instance TEXT NOT NULL,
    kind INTEGER NOT NULL,
    erp_id TEXT NOT NULL,
    crm_id TEXT NOT NULL,
    fingerprint BLOB NOT NULL,
    active INTEGER NOT NULL,
    unchanged_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (instance, kind, erp_id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX link_crm ON link (instance, kind, crm_id);

-- How many links there are, kept up by every commit: counting 100,000 takes longer than a status answer may.
CREATE TABLE tally (
    instance TEXT NOT NULL,
    kind INTEGER NOT NULL,
    active BIGINT NOT NULL,
    inactive BIGINT NOT NULL,
    PRIMARY KEY (instance, kind)
) WITHOUT ROWID;

CREATE TABLE base (
    instance TEXT NOT NULL,
    kind INTEGER NOT NULL,
    erp_id TEXT NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (instance, kind, erp_id)
);

CREATE TABLE quarantine (
    instance TEXT NOT NULL,
    kind INTEGER NOT NULL,
    erp_id TEXT NOT NULL,
    since BIGINT NOT NULL,
    tries INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (instance, kind, erp_id)
) WITHOUT ROWID;

CREATE TABLE run (
    instance TEXT NOT NULL,
    id TEXT NOT NULL,
    kind INTEGER NOT NULL,
    mode TEXT NOT NULL,
    cause TEXT NOT NULL,
    state TEXT NOT NULL,
    queued_at BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    finished_at BIGINT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL,
    unchanged BIGINT NOT NULL,
    deactivated BIGINT NOT NULL,
    excluded BIGINT NOT NULL,
    conflicts BIGINT NOT NULL,
    quarantined BIGINT NOT NULL,
    written BIGINT NOT NULL,
    calls BIGINT NOT NULL,
    retries BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    progress_done BIGINT NOT NULL,
    progress_total BIGINT NOT NULL,
    phase TEXT NOT NULL,
    error_kind TEXT NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (instance, id)
) WITHOUT ROWID;
CREATE INDEX run_kind ON run (instance, kind, id);
CREATE INDEX run_state ON run (instance, state);

CREATE TABLE run_record (
    instance TEXT NOT NULL,
    run_id TEXT NOT NULL,
    bucket TEXT NOT NULL,
    number BIGINT NOT NULL,
    erp_id TEXT NOT NULL,
    crm_id TEXT NOT NULL,
    sealed BLOB,
    PRIMARY KEY (instance, run_id, bucket, number)
) WITHOUT ROWID;

CREATE TABLE history (
    instance TEXT NOT NULL,
    kind INTEGER NOT NULL,
    crm_id TEXT NOT NULL,
    number BIGINT NOT NULL,
    run_id TEXT NOT NULL,
    erp_id TEXT NOT NULL,
    field TEXT NOT NULL,
    at BIGINT NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (instance, kind, crm_id, number)
) WITHOUT ROWID;
CREATE INDEX history_run ON history (instance, run_id, crm_id);

CREATE TABLE journal (
    instance TEXT NOT NULL,
    number BIGINT NOT NULL,
    at BIGINT NOT NULL,
    who TEXT NOT NULL,
    what TEXT NOT NULL,
    details_hash BLOB NOT NULL,
    hash BLOB NOT NULL,
    sealed BLOB,
    PRIMARY KEY (instance, number)
) WITHOUT ROWID;

CREATE TABLE log (
    instance TEXT NOT NULL,
    id BIGINT NOT NULL,
    at BIGINT NOT NULL,
    level INTEGER NOT NULL,
    kind INTEGER,
    operation TEXT NOT NULL,
    run_id TEXT NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (instance, id)
) WITHOUT ROWID;
CREATE INDEX log_run ON log (instance, run_id, id);

CREATE TABLE schedule (
    instance TEXT NOT NULL,
    kind INTEGER NOT NULL,
    next_run_at BIGINT NOT NULL,
    last_run_id TEXT NOT NULL,
    last_success_at BIGINT NOT NULL,
    failures INTEGER NOT NULL,
    paused_reason TEXT NOT NULL,
    PRIMARY KEY (instance, kind)
) WITHOUT ROWID;

CREATE TABLE memo (
    instance TEXT NOT NULL,
    kind INTEGER NOT NULL,
    name TEXT NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (instance, kind, name)
) WITHOUT ROWID;
)sql";

// Writing to the ERP: what was announced and not settled yet, and what waits for a person.
constexpr char kVersion2[] = R"sql(
CREATE TABLE intent (
    instance TEXT NOT NULL,
    kind INTEGER NOT NULL,
    crm_id TEXT NOT NULL,
    erp_id TEXT NOT NULL,
    since BIGINT NOT NULL,
    run_id TEXT NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (instance, kind, crm_id)
) WITHOUT ROWID;

CREATE TABLE conflict (
    instance TEXT NOT NULL,
    kind INTEGER NOT NULL,
    crm_id TEXT NOT NULL,
    erp_id TEXT NOT NULL,
    since BIGINT NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (instance, kind, crm_id)
) WITHOUT ROWID;
)sql";

// Webhooks: which were taken already, and the ids of products that they left to look at.
constexpr char kVersion3[] = R"sql(
CREATE TABLE webhook_event (
    instance TEXT NOT NULL,
    id TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    sealed BLOB,
    PRIMARY KEY (instance, id)
) WITHOUT ROWID;
CREATE INDEX webhook_event_age ON webhook_event (instance, received_at);
)sql";

constexpr std::array kMigrations{Migration{1, kVersion1}, Migration{2, kVersion2}, Migration{3, kVersion3}};

}  // namespace

std::span<const Migration> migrations() {
    return kMigrations;
}

}  // namespace metakocka::store
