/* The C boundary between a CRM (the host) and a connector (the module).
 *
 * This is the only thing both sides share at run time, so it must stay valid between compilers, standard
 * libraries and years. Rules of growth:
 *   - crm_entry's first four members never change.
 *   - A table starts with struct_size and grows only at its end. A reader asks CRM_HAS before using a member.
 *   - A breaking change is a new table under a new name ("crm.connector/2"), served beside the old one.
 *   - Fixed-width integers only; text is (const char*, uint64_t), UTF-8, not terminated.
 *   - Results are written into the caller's sink, so nobody frees the other side's memory.
 *   - No function lets an exception, longjmp or signal cross.
 *
 * Thread tags say from where a function may be called:
 *   [any-thread]   any thread, also while another call into the same instance goes on
 *   [task-thread]  one thread at a time for one instance: the one that is inside run_due
 *   [main-thread]  no other call into this instance is going on
 * Ownership tags say who owns what is passed:
 *   [borrowed]     the memory is the caller's and valid only until the call returns
 *   [sink]         the result is written into a sink the caller owns
 *   [owned]        the callee keeps what is passed, or gives what it returns, until the named counterpart
 */
#ifndef CRM_ABI_H
#define CRM_ABI_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define CRM_ENTRY_MAGIC 0x314D5243u /* "CRM1" in memory on a little-endian machine */
#define CRM_ABI_MAJOR 1u
#define CRM_ABI_MINOR 0u

/* True when the table at `table`, as long as its writer says it is, holds `member`. */
#define CRM_HAS(table, member) \
    ((table)->struct_size >=   \
     (size_t)((const char*)(&(table)->member) - (const char*)(table)) + sizeof((table)->member))

/* What a call answers. Values are frozen; new ones are added at the end, and an unknown one means
 * CRM_INTERNAL. */
typedef int32_t crm_result;
#define CRM_OK ((crm_result)0)
#define CRM_AUTH ((crm_result)1)        /* credentials refused */
#define CRM_TRANSIENT ((crm_result)2)   /* may succeed when tried again later */
#define CRM_CONFLICT ((crm_result)3)    /* the other side changed meanwhile */
#define CRM_CANCELLED ((crm_result)4)   /* stopped because somebody asked for it */
#define CRM_UNSUPPORTED ((crm_result)5) /* this side does not offer that */
#define CRM_INVALID ((crm_result)6)     /* the arguments are wrong; nothing was changed */
#define CRM_INTERNAL ((crm_result)7)    /* a defect */
#define CRM_NOT_FOUND ((crm_result)8)   /* no such thing */

/* Where results go. `write` may be called several times for one result; the pieces follow each other.
 * A write that answers anything but CRM_OK ends the result: the writer stops and returns that code. */
typedef struct crm_sink {
    uint32_t struct_size;
    uint32_t reserved;
    void* ctx;
    /* [any-thread] [borrowed] Takes `size` bytes at `data`. */
    crm_result (*write)(void* ctx, const char* data, uint64_t size);
} crm_sink;

/* ---- What the host offers ------------------------------------------------------------------------- */

typedef struct crm_host {
    uint32_t struct_size;
    uint32_t reserved;
    void* ctx;
    /* [any-thread] [borrowed] The table of the service `name` ("crm.records/1" …), valid until the
     * instance is destroyed, or NULL when this host does not offer it. */
    const void* (*query)(void* ctx, const char* name, uint64_t name_size);
} crm_host;

/* Each service table starts with struct_size and the ctx to hand back. */

#define CRM_SERVICE_LOG "crm.log/1"
typedef struct crm_log {
    uint32_t struct_size;
    uint32_t reserved;
    void* ctx;
    /* [any-thread] [borrowed] One line of text without secrets. level: 0 debug, 1 info, 2 warning, 3 error.
     */
    void (*write)(void* ctx, uint32_t level, const char* text, uint64_t size);
} crm_log;

#define CRM_SERVICE_CLOCK "crm.clock/1"
typedef struct crm_clock {
    uint32_t struct_size;
    uint32_t reserved;
    void* ctx;
    /* [any-thread] Microseconds since 1970-01-01T00:00:00Z; may jump. */
    int64_t (*now_us)(void* ctx);
    /* [any-thread] Microseconds since an unspecified start; never goes backwards. */
    int64_t (*monotonic_us)(void* ctx);
} crm_clock;

#define CRM_SERVICE_SETTINGS "crm.settings/1"
typedef struct crm_settings {
    uint32_t struct_size;
    uint32_t reserved;
    void* ctx;
    /* [any-thread] [sink] The instance's settings as the module last put them: a JSON object, "{}" at first.
     */
    crm_result (*get)(void* ctx, const crm_sink* json, const crm_sink* error);
    /* [any-thread] [borrowed] Replaces them, durably, all or nothing. */
    crm_result (*put)(void* ctx, const char* json, uint64_t size, const crm_sink* error);
} crm_settings;

#define CRM_SERVICE_RECORDS "crm.records/1"
typedef struct crm_records {
    uint32_t struct_size;
    uint32_t reserved;
    void* ctx;
    /* [task-thread] [borrowed] [sink] Reads records. Request: {"kind", "externalIds"?: [text], "ids"?:
     * [text], "unlinked"?: bool, "active"?: bool, "after"?: text, "limit"?: 1..1000}. Answer: {"items":
     * [{"id", "externalId": text|null, "active", "updatedAt", "fields": {}}], "next": text|null}. */
    crm_result (*query)(void* ctx, const char* request, uint64_t size, const crm_sink* answer,
                        const crm_sink* error);
    /* [task-thread] [borrowed] [sink] Creates or changes records, keyed by external id, each on its own: one
     * refused record does not stop the others, and all accepted ones are durable when the call returns.
     * Request: {"kind", "items": [{"externalId": text, "id"?: text (links this existing record instead of
     * creating one), "fields": {only what is to be set}}]}. Fields not named keep their value. A record
     * whose fields already have these values stays untouched ("unchanged", updatedAt does not move).
     * Answer: {"items": [...]} in the request's order, each {"id", "outcome": "created"|"updated"|
     * "unchanged", "previous": {field: old value, of those that changed}, "updatedAt"} or {"error": text}. */
    crm_result (*upsert)(void* ctx, const char* request, uint64_t size, const crm_sink* answer,
                         const crm_sink* error);
} crm_records;

#define CRM_SERVICE_KEYS "crm.keys/1"
typedef struct crm_keys {
    uint32_t struct_size;
    uint32_t reserved;
    void* ctx;
    /* [any-thread] [borrowed] [sink] Encrypts a key of at most 256 bytes with the host's master key. */
    crm_result (*wrap)(void* ctx, const char* key, uint64_t size, const crm_sink* wrapped,
                       const crm_sink* error);
    /* [any-thread] [borrowed] [sink] The reverse; CRM_AUTH when it was wrapped under another master key or
     * was tampered with. */
    crm_result (*unwrap)(void* ctx, const char* wrapped, uint64_t size, const crm_sink* key,
                         const crm_sink* error);
} crm_keys;

#define CRM_SERVICE_FILES "crm.files/1"
typedef struct crm_files {
    uint32_t struct_size;
    uint32_t reserved;
    void* ctx;
    /* [any-thread] [sink] Absolute path of the folder that belongs to this instance. It exists, nobody else
     * writes there, and the module writes nowhere else. */
    crm_result (*directory)(void* ctx, const crm_sink* path, const crm_sink* error);
} crm_files;

#define CRM_SERVICE_NOTIFY "crm.notify/1"
typedef struct crm_notify {
    uint32_t struct_size;
    uint32_t reserved;
    void* ctx;
    /* [any-thread] [borrowed] Something a person should know. JSON: {"id", "level": "warning"|"error",
     * "title", "text", "resolved": bool}; the same id replaces what was said before. */
    void (*post)(void* ctx, const char* json, uint64_t size);
} crm_notify;

#define CRM_SERVICE_WAKE "crm.wake/1"
typedef struct crm_wake {
    uint32_t struct_size;
    uint32_t reserved;
    void* ctx;
    /* [any-thread] There is work now: the host calls run_due as soon as it can, whatever run_due said last.
     */
    void (*wake)(void* ctx);
} crm_wake;

#define CRM_SERVICE_THREADS "crm.threads/1"
typedef struct crm_threads {
    uint32_t struct_size;
    uint32_t reserved;
    void* ctx;
    /* [any-thread] [borrowed] How many threads of its own the instance may have beside the host's, for work
     * inside the module: they never call the host. A host without this service allows none. */
    uint32_t (*allowed)(void* ctx);
} crm_threads;

/* ---- What the module offers ------------------------------------------------------------------------ */

typedef struct crm_instance crm_instance; /* opaque: the module's own */

#define CRM_INTERFACE_CONNECTOR "crm.connector/1"
typedef struct crm_connector {
    uint32_t struct_size;
    uint32_t reserved;
    /* [main-thread] [owned] Makes the connection of one company. `host` stays valid until destroy. On CRM_OK
     * *instance is set and must be given to destroy once. */
    crm_result (*create)(const crm_host* host, crm_instance** instance, const crm_sink* error);
    /* [main-thread] [owned] Ends the instance made by create. NULL is allowed. */
    void (*destroy)(crm_instance* instance);
    /* [any-thread] [sink] What it offers, as JSON: {"id", "name", "version", "permissions": [{"id","title"}],
     * "pages": [{"id","title","path","script","element"}], "routes": [{"method","path","permission":
     * id|null}], "tasks": [{"id","title"}]}. Route paths are below /api/integrations/<id>. */
    crm_result (*describe)(crm_instance* instance, const crm_sink* json, const crm_sink* error);
    /* [task-thread] Does what is due at now_us for about budget_us, and sets *next_us to when it wants to be
     * called again (INT64_MAX: only after wake). May overrun by one exchange with the other system. */
    crm_result (*run_due)(crm_instance* instance, int64_t now_us, int64_t budget_us, int64_t* next_us,
                          const crm_sink* error);
    /* [any-thread] [borrowed] [sink] Answers one request. request: {"method", "path" (below the connector's
     * base, starting with "/"), "query": {name: value}, "headers": {lower-case name: value}, "user":
     * {"name", "permissions": [id]} | null}; body: the raw bytes. head receives {"status", "headers": {}} in
     * one write before the first write to the body sink; the body may come in many pieces. */
    crm_result (*handle_http)(crm_instance* instance, const char* request, uint64_t request_size,
                              const char* body, uint64_t body_size, const crm_sink* head,
                              const crm_sink* response_body, const crm_sink* error);
    /* [any-thread] [sink] Short state for a host's own overview: {"state": "ok"|"attention"|"off", "text"}.
     */
    crm_result (*status)(crm_instance* instance, const crm_sink* json, const crm_sink* error);
    /* [any-thread] Makes a run_due that is going on return soon, with its progress kept. */
    void (*cancel)(crm_instance* instance);
    /* [any-thread] No new work is started; CRM_OK when nothing runs any more within deadline_us, else
     * CRM_TRANSIENT. After it only destroy may be called. */
    crm_result (*stop)(crm_instance* instance, int64_t deadline_us, const crm_sink* error);
} crm_connector;

typedef struct crm_entry {
    uint32_t magic;       /* CRM_ENTRY_MAGIC; frozen for ever */
    uint32_t struct_size; /* frozen for ever */
    uint32_t major;       /* CRM_ABI_MAJOR the module was built for; frozen for ever */
    uint32_t minor;       /* frozen for ever */
    /* [any-thread] [borrowed] The interface `name`, static for the life of the process, or NULL. */
    const void* (*query)(const char* name, uint64_t name_size);
} crm_entry;

/* The one symbol a module exports is `crm_module_entry`.
 * [any-thread] [owned] Answers a static table, valid as long as the module is mapped. */
typedef const crm_entry* (*crm_module_entry_fn)(void);

#ifdef __cplusplus
}
#endif

#endif
