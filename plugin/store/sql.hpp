// Every statement of this module but the schema. Parameters are ?1, ?2 …; ?1 is always the instance.
// Only what SQLite and PostgreSQL share is used (there the parameters are written $1, $2 …).
#pragma once

namespace metakocka::store::sql {

// Keys and credentials
inline constexpr char kDataKeys[] =
    "SELECT id, wrapped, key_check FROM data_key WHERE instance = ?1 ORDER BY id";
inline constexpr char kAddDataKey[] =
    "INSERT INTO data_key (instance, id, wrapped, key_check, created_at) VALUES (?1, ?2, ?3, ?4, ?5)";
inline constexpr char kHasSealed[] =
    "SELECT EXISTS (SELECT 1 FROM credential WHERE instance = ?1)"
    " OR EXISTS (SELECT 1 FROM base WHERE instance = ?1) OR EXISTS (SELECT 1 FROM log WHERE instance = ?1)"
    " OR EXISTS (SELECT 1 FROM run WHERE instance = ?1) OR EXISTS (SELECT 1 FROM journal WHERE instance = "
    "?1)";
inline constexpr char kPutCredential[] =
    "INSERT INTO credential (instance, sealed) VALUES (?1, ?2)"
    " ON CONFLICT (instance) DO UPDATE SET sealed = excluded.sealed";
inline constexpr char kGetCredential[] = "SELECT sealed FROM credential WHERE instance = ?1";
inline constexpr char kClearCredential[] = "DELETE FROM credential WHERE instance = ?1";

// Links and bases
inline constexpr char kFindLink[] =
    "SELECT crm_id, fingerprint, active, unchanged_at, changed_at FROM link"
    " WHERE instance = ?1 AND kind = ?2 AND erp_id = ?3";
inline constexpr char kActiveLinks[] =
    "SELECT crm_id, fingerprint, active, unchanged_at, changed_at, erp_id FROM link"
    " WHERE instance = ?1 AND kind = ?2 AND erp_id > ?3 AND active = 1 ORDER BY erp_id LIMIT ?4";
inline constexpr char kPutLink[] =
    "INSERT INTO link (instance, kind, erp_id, crm_id, fingerprint, active, unchanged_at, changed_at)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"
    " ON CONFLICT (instance, kind, erp_id) DO UPDATE SET crm_id = excluded.crm_id,"
    " fingerprint = excluded.fingerprint, active = excluded.active,"
    " unchanged_at = excluded.unchanged_at, changed_at = excluded.changed_at";
inline constexpr char kGetBase[] =
    "SELECT sealed FROM base WHERE instance = ?1 AND kind = ?2 AND erp_id = ?3";
inline constexpr char kPutBase[] =
    "INSERT INTO base (instance, kind, erp_id, sealed) VALUES (?1, ?2, ?3, ?4)"
    " ON CONFLICT (instance, kind, erp_id) DO UPDATE SET sealed = excluded.sealed";
inline constexpr char kFormerLink[] =
    "SELECT active FROM link WHERE instance = ?1 AND kind = ?2 AND erp_id = ?3";
inline constexpr char kDropRival[] =
    "DELETE FROM link WHERE instance = ?1 AND kind = ?2 AND crm_id = ?3 AND erp_id <> ?4 RETURNING active, "
    "erp_id";
inline constexpr char kDropBase[] = "DELETE FROM base WHERE instance = ?1 AND kind = ?2 AND erp_id = ?3";
inline constexpr char kAddToTally[] =
    "INSERT INTO tally (instance, kind, active, inactive) VALUES (?1, ?2, ?3, ?4)"
    " ON CONFLICT (instance, kind) DO UPDATE SET active = tally.active + excluded.active,"
    " inactive = tally.inactive + excluded.inactive";
inline constexpr char kGetTally[] = "SELECT active, inactive FROM tally WHERE instance = ?1 AND kind = ?2";

// Quarantine
inline constexpr char kQuarantine[] =
    "SELECT erp_id, since, tries, sealed FROM quarantine WHERE instance = ?1 AND kind = ?2 ORDER BY erp_id";
inline constexpr char kPutQuarantine[] =
    "INSERT INTO quarantine (instance, kind, erp_id, since, tries, sealed) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
    " ON CONFLICT (instance, kind, erp_id) DO UPDATE SET since = excluded.since, tries = excluded.tries,"
    " sealed = excluded.sealed";
inline constexpr char kRelease[] = "DELETE FROM quarantine WHERE instance = ?1 AND kind = ?2 AND erp_id = ?3";
inline constexpr char kCountQuarantine[] =
    "SELECT count(*) FROM quarantine WHERE instance = ?1 AND kind = ?2";

// Intents and conflicts
inline constexpr char kFindLinkByCrm[] =
    "SELECT crm_id, fingerprint, active, unchanged_at, changed_at, erp_id FROM link"
    " WHERE instance = ?1 AND kind = ?2 AND crm_id = ?3";
inline constexpr char kIntents[] =
    "SELECT crm_id, erp_id, since, run_id, sealed FROM intent WHERE instance = ?1 AND kind = ?2"
    " ORDER BY since, crm_id";
inline constexpr char kPutIntent[] =
    "INSERT INTO intent (instance, kind, crm_id, erp_id, since, run_id, sealed)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"
    " ON CONFLICT (instance, kind, crm_id) DO UPDATE SET erp_id = excluded.erp_id,"
    " since = excluded.since, run_id = excluded.run_id, sealed = excluded.sealed";
inline constexpr char kSettleIntent[] =
    "DELETE FROM intent WHERE instance = ?1 AND kind = ?2 AND crm_id = ?3";
inline constexpr char kConflicts[] =
    "SELECT crm_id, erp_id, since, sealed FROM conflict WHERE instance = ?1 AND kind = ?2 AND crm_id > ?3"
    " ORDER BY crm_id LIMIT ?4";
inline constexpr char kPutConflict[] =
    "INSERT INTO conflict (instance, kind, crm_id, erp_id, since, sealed) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
    " ON CONFLICT (instance, kind, crm_id) DO UPDATE SET erp_id = excluded.erp_id, since = excluded.since,"
    " sealed = excluded.sealed";
inline constexpr char kAgree[] = "DELETE FROM conflict WHERE instance = ?1 AND kind = ?2 AND crm_id = ?3";
inline constexpr char kCountConflicts[] = "SELECT count(*) FROM conflict WHERE instance = ?1 AND kind = ?2";
inline constexpr char kGetConflict[] =
    "SELECT kind, crm_id, erp_id, since, sealed FROM conflict"
    " WHERE instance = ?1 AND kind = ?2 AND crm_id = ?3";
inline constexpr char kListConflicts[] =
    "SELECT kind, crm_id, erp_id, since, sealed FROM conflict WHERE instance = ?1"
    " AND (kind, crm_id) > (?2, ?3) AND (?5 IS NULL OR kind = ?5) ORDER BY kind, crm_id LIMIT ?4";
inline constexpr char kGetQuarantined[] =
    "SELECT kind, erp_id, since, tries, sealed FROM quarantine"
    " WHERE instance = ?1 AND kind = ?2 AND erp_id = ?3";
inline constexpr char kListQuarantine[] =
    "SELECT kind, erp_id, since, tries, sealed FROM quarantine WHERE instance = ?1"
    " AND (kind, erp_id) > (?2, ?3) AND (?5 IS NULL OR kind = ?5) ORDER BY kind, erp_id LIMIT ?4";

// Runs
inline constexpr char kPutRun[] =
    "INSERT INTO run (instance, id, kind, mode, cause, state, queued_at, started_at, finished_at,"
    " created, updated, unchanged, deactivated, excluded, conflicts, quarantined, written,"
    " calls, retries, bytes, progress_done, progress_total, phase, error_kind, sealed)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20,"
    " ?21, ?22, ?23, ?24, ?25)"
    " ON CONFLICT (instance, id) DO UPDATE SET kind = excluded.kind, mode = excluded.mode,"
    " cause = excluded.cause, state = excluded.state, queued_at = excluded.queued_at,"
    " started_at = excluded.started_at, finished_at = excluded.finished_at, created = excluded.created,"
    " updated = excluded.updated, unchanged = excluded.unchanged, deactivated = excluded.deactivated,"
    " excluded = excluded.excluded, conflicts = excluded.conflicts, quarantined = excluded.quarantined,"
    " written = excluded.written, calls = excluded.calls, retries = excluded.retries,"
    " bytes = excluded.bytes, progress_done = excluded.progress_done,"
    " progress_total = excluded.progress_total, phase = excluded.phase,"
    " error_kind = excluded.error_kind, sealed = excluded.sealed";
#define METAKOCKA_RUN_COLUMNS                                                               \
    "SELECT id, kind, mode, cause, state, queued_at, started_at, finished_at,"              \
    " created, updated, unchanged, deactivated, excluded, conflicts, quarantined, written," \
    " calls, retries, bytes, progress_done, progress_total, phase, error_kind, sealed FROM run"
inline constexpr char kGetRun[] = METAKOCKA_RUN_COLUMNS " WHERE instance = ?1 AND id = ?2";
inline constexpr char kListRuns[] =
    METAKOCKA_RUN_COLUMNS " WHERE instance = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3";
inline constexpr char kListRunsOfKind[] =
    METAKOCKA_RUN_COLUMNS " WHERE instance = ?1 AND kind = ?4 AND id < ?2 ORDER BY id DESC LIMIT ?3";
inline constexpr char kUnfinishedRuns[] =
    METAKOCKA_RUN_COLUMNS " WHERE instance = ?1 AND state IN ('queued', 'running') ORDER BY id";
#undef METAKOCKA_RUN_COLUMNS
inline constexpr char kPruneRunRecords[] =
    "DELETE FROM run_record WHERE instance = ?1 AND run_id IN (SELECT id FROM run WHERE instance = ?1"
    " AND queued_at < ?2 AND state NOT IN ('queued', 'running'))";
inline constexpr char kPruneRuns[] =
    "DELETE FROM run WHERE instance = ?1 AND queued_at < ?2 AND state NOT IN ('queued', 'running')";

// What runs did
inline constexpr char kAddRunRecord[] =
    "INSERT INTO run_record (instance, run_id, bucket, number, erp_id, crm_id, sealed)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
inline constexpr char kRunRecords[] =
    "SELECT bucket, number, erp_id, crm_id, sealed FROM run_record WHERE instance = ?1 AND run_id = ?2"
    " AND (bucket, number) > (?3, ?4) ORDER BY bucket, number LIMIT ?5";
inline constexpr char kRunRecordsOfBucket[] =
    "SELECT bucket, number, erp_id, crm_id, sealed FROM run_record WHERE instance = ?1 AND run_id = ?2"
    " AND bucket = ?3 AND number > ?4 ORDER BY number LIMIT ?5";
inline constexpr char kAddHistory[] =
    "INSERT INTO history (instance, kind, crm_id, number, run_id, erp_id, field, at, sealed)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
inline constexpr char kHistoryOfRecord[] =
    "SELECT number, run_id, erp_id, field, at, sealed FROM history"
    " WHERE instance = ?1 AND kind = ?2 AND crm_id = ?3 AND number < ?4 ORDER BY number DESC LIMIT ?5";
inline constexpr char kHistoryOfRun[] =
    "SELECT kind, number, field, sealed FROM history"
    " WHERE instance = ?1 AND run_id = ?2 AND crm_id = ?3 ORDER BY number";

// Journal
inline constexpr char kLastJournal[] =
    "SELECT number, hash FROM journal WHERE instance = ?1 ORDER BY number DESC LIMIT 1";
inline constexpr char kAddJournal[] =
    "INSERT INTO journal (instance, number, at, who, what, details_hash, hash, sealed)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
inline constexpr char kListJournal[] =
    "SELECT number, at, who, what, details_hash, hash, sealed FROM journal"
    " WHERE instance = ?1 AND number < ?2 ORDER BY number DESC LIMIT ?3";
inline constexpr char kWalkJournal[] =
    "SELECT number, at, who, what, details_hash, hash, sealed FROM journal"
    " WHERE instance = ?1 ORDER BY number";

// Log
inline constexpr char kAddLog[] =
    "INSERT INTO log (instance, id, at, level, kind, operation, run_id, sealed)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
#define METAKOCKA_LOG_FILTER                                                             \
    "SELECT id, at, level, kind, operation, run_id, sealed FROM log WHERE instance = ?1" \
    " AND (?3 IS NULL OR kind = ?3) AND level >= ?4 AND level <= ?5"                     \
    " AND (?6 IS NULL OR operation = ?6) AND at >= ?7 AND at < ?8"
inline constexpr char kLogDown[] = METAKOCKA_LOG_FILTER " AND id < ?2 ORDER BY id DESC LIMIT ?9";
inline constexpr char kLogUp[] = METAKOCKA_LOG_FILTER " AND id > ?2 ORDER BY id LIMIT ?9";
inline constexpr char kLogOfRunDown[] =
    METAKOCKA_LOG_FILTER " AND run_id = ?10 AND id < ?2 ORDER BY id DESC LIMIT ?9";
inline constexpr char kLogOfRunUp[] =
    METAKOCKA_LOG_FILTER " AND run_id = ?10 AND id > ?2 ORDER BY id LIMIT ?9";
#undef METAKOCKA_LOG_FILTER
inline constexpr char kPruneLogByAge[] = "DELETE FROM log WHERE instance = ?1 AND at < ?2";
inline constexpr char kPruneLogByCount[] =
    "DELETE FROM log WHERE instance = ?1 AND id <= (SELECT id FROM log WHERE instance = ?1"
    " ORDER BY id DESC LIMIT 1 OFFSET ?2)";

// Schedule and memos
inline constexpr char kPutSchedule[] =
    "INSERT INTO schedule (instance, kind, next_run_at, last_run_id, last_success_at, failures,"
    " paused_reason) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"
    " ON CONFLICT (instance, kind) DO UPDATE SET next_run_at = excluded.next_run_at,"
    " last_run_id = excluded.last_run_id, last_success_at = excluded.last_success_at,"
    " failures = excluded.failures, paused_reason = excluded.paused_reason";
inline constexpr char kGetSchedule[] =
    "SELECT next_run_at, last_run_id, last_success_at, failures, paused_reason FROM schedule"
    " WHERE instance = ?1 AND kind = ?2";
inline constexpr char kPutMemo[] =
    "INSERT INTO memo (instance, kind, name, sealed) VALUES (?1, ?2, ?3, ?4)"
    " ON CONFLICT (instance, kind, name) DO UPDATE SET sealed = excluded.sealed";
inline constexpr char kGetMemo[] = "SELECT sealed FROM memo WHERE instance = ?1 AND kind = ?2 AND name = ?3";

// Webhooks
inline constexpr char kTakeWebhook[] =
    "INSERT INTO webhook_event (instance, id, received_at, sealed) VALUES (?1, ?2, ?3, ?4)"
    " ON CONFLICT (instance, id) DO NOTHING";
inline constexpr char kPendingWebhooks[] =
    "SELECT id, sealed FROM webhook_event WHERE instance = ?1 AND sealed IS NOT NULL ORDER BY id";
inline constexpr char kSettleWebhook[] =
    "UPDATE webhook_event SET sealed = NULL WHERE instance = ?1 AND id = ?2";
inline constexpr char kForgetOldWebhooks[] =
    "DELETE FROM webhook_event WHERE instance = ?1 AND received_at < ?2";
inline constexpr char kForgetMostWebhooks[] =
    "DELETE FROM webhook_event WHERE instance = ?1 AND received_at <= (SELECT received_at FROM webhook_event"
    " WHERE instance = ?1 ORDER BY received_at DESC LIMIT 1 OFFSET ?2)";

// Numbers already given out
inline constexpr char kLastLogId[] = "SELECT max(id) FROM log WHERE instance = ?1";
inline constexpr char kLastRunId[] = "SELECT max(id) FROM run WHERE instance = ?1";

}  // namespace metakocka::store::sql
