/* The C boundary between a CRM (the host) and a connector (the module).
 *
 * This is the only thing both sides share at run time. Everything above it may be C++, Python or anything
 * else; this waist is plain C, because a class, a string or an exception of one compiler means something else
 * to the next one, and the two sides are built years apart. docs/boundary.md gives the reason of each rule
 * with examples, docs/boundary-trouble.md goes from symptom to cause.
 *
 * GROWTH
 *   - The first four members of crm_entry never change: they are how two strangers find out who they are.
 *   - A table starts with struct_size, the size its writer knew, and grows only at its end. A reader asks
 *     CRM_HAS before it uses a member, and treats an absent one like a NULL one: not offered.
 *   - A breaking change is a new table under a new name ("crm.connector/2"), served beside the old one for as
 *     long as anybody asks for the old one. A query for an unknown name answers NULL; that is no error.
 *   - CRM_ABI_MINOR goes up with every addition, CRM_ABI_MAJOR only when the entry itself can't go on.
 *   - `reserved` is written 0 and not read. It fills what alignment would leave undefined.
 *   tests/abi checks all of this against host-sdk/abi-layout.def.
 *
 * WHEN A MEMBER IS MISSING
 *   - The host refuses a module whose crm_connector lacks a member of version 1.0, with a message. It never
 *     calls a member that came later without CRM_HAS, and does without what that member would have done.
 *   - The module answers CRM_UNSUPPORTED from create, naming the service, when the host lacks one of log,
 *     clock, settings and records. It does without every other service.
 *
 * VALUES
 *   - Integers have a fixed width. There is no bool, enum, long, size_t, bit-field, float, variadic function
 *     or struct by value: their size or their passing differs between compilers.
 *   - Text is (const char*, uint64_t size): UTF-8, no terminator, no byte-order mark, and NULL only with size
 *     0, which is the empty text. Only HTTP bodies and keys are raw bytes.
 *   - JSON is RFC 8259. A reader ignores members it does not know and takes an absent one for its default;
 *     that is how a request or an answer grows. Money is a decimal string, never a JSON number.
 *   - Times are microseconds in int64_t; INT64_MAX means never.
 *
 * MEMORY AND SINKS
 *   - Nobody frees the other side's memory. What is passed in is read during the call; what comes out is
 *     written into a sink of the caller, which copies what it wants to keep.
 *   - The sinks of a call are used only on the thread of that call and only until it returns.
 *   - A result counts only when the call answers CRM_OK; after another code the caller drops what it got.
 *   - `error` is written only when the call does not answer CRM_OK: text for a person, that says what went
 *     wrong and what to do, without secrets or personal data. It may be NULL (the caller does not want the
 *     text), and a caller may keep only the first 16 KiB.
 *
 * CALLS
 *   - No function lets a C++ exception, a longjmp or a signal cross to the other side.
 *   - The module calls the host only from inside a call of the host, on the thread of that call. It may have
 *     threads of its own, but they never call the host: hosts in Python or PHP can't answer there.
 *   - The host never calls back into an instance from inside one of its services or sinks: the module may
 *     hold a lock at that point. wake, for one, only leaves a note for the host's own loop.
 *   - run_due may block for one exchange with the other system and for as long as the host's records service
 *     takes; handle_http and stop for as long as their texts say. Nothing else waits for the network.
 *   - Neither side changes what belongs to the process: signal handlers, locale, working directory, umask,
 *     environment, standard streams.
 *
 * TAGS, one of each row above every function; a lint in tests/abi checks it.
 *   Thread, from where it may be called:
 *   [any-thread]   any thread, also while another call into the same instance goes on
 *   [task-thread]  one thread at a time for one instance: for the module's functions the host's choice, for
 *                  the host's services the thread that is inside run_due
 *   [main-thread]  no other call into this instance is going on
 *   Ownership, of what is passed:
 *   [borrowed]     the memory stays the giver's: what is passed in is valid until the call returns, what is
 *                  returned is valid as long as the text says
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

/* True when the table at `table`, as long as its writer says it is, holds `member`. A function member may
 * still be NULL: its writer knows it and does not offer it. Ask for both before calling. */
#define CRM_HAS(table, member) \
    ((table)->struct_size >=   \
     (size_t)((const char*)(&(table)->member) - (const char*)(table)) + sizeof((table)->member))

/* What a call answers, and what that asks of the caller. Values are frozen; new ones are added at the end. A
 * reader takes a value it does not know for CRM_INTERNAL, so a new code must be one where that is safe. */
typedef int32_t crm_result;
#define CRM_OK ((crm_result)0)
/* Credentials or a key were refused. Do not try again by yourself: ask a person for new ones. */
#define CRM_AUTH ((crm_result)1)
/* It may succeed later, unchanged. Try again after a pause that grows. */
#define CRM_TRANSIENT ((crm_result)2)
/* The other side changed meanwhile. Read again, decide again. */
#define CRM_CONFLICT ((crm_result)3)
/* Stopped because somebody asked for it, or because the receiver went away. Not a failure: show none. */
#define CRM_CANCELLED ((crm_result)4)
/* This side does not offer that, and will not until it is updated. Do without. */
#define CRM_UNSUPPORTED ((crm_result)5)
/* The arguments are wrong and nothing was changed. The same call again fails again: correct it. */
#define CRM_INVALID ((crm_result)6)
/* A defect, or out of memory. Nothing is known about what was changed; report it with its text. Other calls
 * into the same instance remain allowed. */
#define CRM_INTERNAL ((crm_result)7)
/* No such thing. What is asked for may be created. */
#define CRM_NOT_FOUND ((crm_result)8)

/* Where results go. `write` may be called several times for one result, or never for an empty one; the
 * pieces follow each other and may be cut anywhere, also inside a UTF-8 character. The caller sets
 * struct_size to the size of the crm_sink it knows; a writer that finds no `write` in it, or that is given
 * NULL for a result it must deliver, answers CRM_INVALID. */
typedef struct crm_sink {
    uint32_t struct_size;
    uint32_t reserved;
    void* ctx;
    /* [any-thread] [borrowed] Takes `size` bytes at `data`. Whatever thread the call with this sink is on, it
     * is called on that one. Anything but CRM_OK ends the result: the writer calls it no more and returns
     * that code. */
    crm_result (*write)(void* ctx, const char* data, uint64_t size);
} crm_sink;

/* ---- What the host offers ------------------------------------------------------------------------- */

/* Valid from create until destroy has returned, and so is every table it answers. */
typedef struct crm_host {
    uint32_t struct_size;
    uint32_t reserved;
    void* ctx;
    /* [any-thread] [borrowed] The table of the service `name` ("crm.records/1" …), valid until the instance
     * is destroyed and the same at every call, or NULL when this host does not offer it. */
    const void* (*query)(void* ctx, const char* name, uint64_t name_size);
} crm_host;

/* Each service table starts with struct_size and the ctx to hand back. The services belong to the instance
 * whose crm_host answered them: two instances never see each other's settings, files or keys. */

#define CRM_SERVICE_LOG "crm.log/1"
typedef struct crm_log {
    uint32_t struct_size;
    uint32_t reserved;
    void* ctx;
    /* [any-thread] [borrowed] One line of text without secrets or personal data. level: 0 debug, 1 info,
     * 2 warning, 3 error; a higher one counts as 3. Has no result, because nobody could log that failure. */
    void (*write)(void* ctx, uint32_t level, const char* text, uint64_t size);
} crm_log;

#define CRM_SERVICE_CLOCK "crm.clock/1"
typedef struct crm_clock {
    uint32_t struct_size;
    uint32_t reserved;
    void* ctx;
    /* [any-thread] [borrowed] Microseconds since 1970-01-01T00:00:00Z; may jump either way. A module asks
     * here and not its C library, so that a test can let time pass. Never fails. */
    int64_t (*now_us)(void* ctx);
    /* [any-thread] [borrowed] Microseconds since an unspecified start; never goes backwards. For measuring
     * how long something takes. Never fails. */
    int64_t (*monotonic_us)(void* ctx);
} crm_clock;

#define CRM_SERVICE_SETTINGS "crm.settings/1"
typedef struct crm_settings {
    uint32_t struct_size;
    uint32_t reserved;
    void* ctx;
    /* [any-thread] [borrowed] [sink] The instance's settings as the module last put them: a JSON object, "{}"
     * at first. A person or a restored backup may have changed them: the module checks what it reads. */
    crm_result (*get)(void* ctx, const crm_sink* json, const crm_sink* error);
    /* [any-thread] [borrowed] Replaces them, durably, all or nothing. CRM_INVALID when it is no JSON object.
     * Secrets do not belong in here in clear: see crm_keys. */
    crm_result (*put)(void* ctx, const char* json, uint64_t size, const crm_sink* error);
} crm_settings;

#define CRM_SERVICE_RECORDS "crm.records/1"
typedef struct crm_records {
    uint32_t struct_size;
    uint32_t reserved;
    void* ctx;
    /* [task-thread] [borrowed] [sink] Reads records. An unknown kind is CRM_INVALID. Request: {"kind",
     * "externalIds"?: [text], "ids"?: [text], "unlinked"?: bool, "active"?: bool, "after"?: text,
     * "limit"?: 1..1000}, with at most 1000 of each list of ids. Answer: {"items":
     * [{"id", "externalId": text|null, "active", "updatedAt", "fields": {}}], "next": text|null}. */
    crm_result (*query)(void* ctx, const char* request, uint64_t size, const crm_sink* answer,
                        const crm_sink* error);
    /* [task-thread] [borrowed] [sink] Creates or changes records, keyed by external id, each on its own: one
     * refused record does not stop the others, and all accepted ones are durable when the call returns.
     * Request: {"kind", "items": [{"externalId": text, "id"?: text (links this existing record instead of
     * creating one), "ifUpdatedAt"?: text, "fields": {only what is to be set}}]}. Fields not named keep their
     * value. A record whose fields already have these values stays untouched ("unchanged", updatedAt does not
     * move). Answer: {"items": [...]} in the request's order, each {"id", "outcome": "created"|"updated"|
     * "unchanged", "previous": {field: old value, of those that changed}, "updatedAt"} or {"error": text}.
     * An item with "ifUpdatedAt" is written only while the record's updatedAt is still that text, to the
     * letter. Otherwise somebody changed the record since it was read, nothing of this item is written (no
     * link either), and the answer is {"conflict": true, "id", "updatedAt"} of what is there now, both null
     * when the record is gone: such an item never creates one. A host from before "ifUpdatedAt" ignores it
     * and writes; one that has `changes` knows it. */
    crm_result (*upsert)(void* ctx, const char* request, uint64_t size, const crm_sink* answer,
                         const crm_sink* error);
    /* [task-thread] [borrowed] [sink] The change feed: what anybody but this connector created, changed or
     * deleted. Its own upserts never appear in it, and never hide what another did before them. Request:
     * {"kind", "after": text|null, "limit"?: 1..1000}. Answer: {"items": [{"id", "externalId": text|null,
     * "active", "deleted": bool, "updatedAt", "changedAt": text|null, "fields": {}}], "next": text, "more":
     * bool}. "changedAt" is when anybody but this connector last changed it, null when nobody did; "fields"
     * is absent when "deleted".
     * "after" null lists every record that there is now, linked or not. Otherwise it is the "next" of an
     * answer for this kind, and the items are the records changed since, each once, as they are now, the
     * oldest change first. "more" says that "next" has items at once; without it "next" is where to ask from
     * later. What changes during a listing may be told twice, and is never left out.
     * A cursor is durable: it stays valid across restarts of the host and restored backups, as long as the
     * host has not lost changes that the cursor has seen. CRM_CONFLICT when it has, and for a cursor that
     * the host never gave: start again with null. A host without a feed leaves the member out or NULL, or
     * answers CRM_UNSUPPORTED. */
    crm_result (*changes)(void* ctx, const char* request, uint64_t size, const crm_sink* answer,
                          const crm_sink* error);
} crm_records;

#define CRM_SERVICE_KEYS "crm.keys/1"
typedef struct crm_keys {
    uint32_t struct_size;
    uint32_t reserved;
    void* ctx;
    /* [any-thread] [borrowed] [sink] Encrypts a key of at most 256 bytes with the host's master key, and
     * authenticates it; longer ones are CRM_INVALID. For the module's own data key, not for data. */
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
    /* [any-thread] [borrowed] [sink] Absolute path of the folder that belongs to this instance. It exists and
     * stays between starts, nobody else writes there, and the module writes nowhere else. */
    crm_result (*directory)(void* ctx, const crm_sink* path, const crm_sink* error);
} crm_files;

#define CRM_SERVICE_NOTIFY "crm.notify/1"
typedef struct crm_notify {
    uint32_t struct_size;
    uint32_t reserved;
    void* ctx;
    /* [any-thread] [borrowed] Something a person should know. JSON: {"id", "level": "warning"|"error",
     * "title", "text", "resolved": bool}; the same id replaces what was said before, and "resolved" takes
     * it back. */
    void (*post)(void* ctx, const char* json, uint64_t size);
} crm_notify;

#define CRM_SERVICE_WAKE "crm.wake/1"
typedef struct crm_wake {
    uint32_t struct_size;
    uint32_t reserved;
    void* ctx;
    /* [any-thread] [borrowed] There is work now: the host calls run_due as soon as it can, whatever run_due
     * said last. Returns at once; the host does not call run_due from inside it. A host without this service
     * polls. */
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
    /* [main-thread] [owned] [borrowed] Makes the connection of one company; one module may have any number of
     * them. `host` stays valid until destroy has returned. On CRM_OK *instance is set and must be given to
     * destroy once; on any other code it is NULL and there is nothing to destroy. */
    crm_result (*create)(const crm_host* host, crm_instance** instance, const crm_sink* error);
    /* [main-thread] [owned] Ends the instance made by create, and with it every thread it started. NULL is
     * allowed and does nothing. Call stop first, to let a run end in good order. */
    void (*destroy)(crm_instance* instance);
    /* [any-thread] [borrowed] [sink] What it offers, the same at every call, as JSON: {"id", "name",
     * "version", "permissions": [{"id","title"}], "pages": [{"id","title","path","script","element"}],
     * "routes": [{"method","path","permission": id|null}], "tasks": [{"id","title"}]}. Route paths are below
     * /api/integrations/<id>. */
    crm_result (*describe)(crm_instance* instance, const crm_sink* json, const crm_sink* error);
    /* [task-thread] [borrowed] Does what is due at now_us for about budget_us, and sets *next_us to when it
     * wants to be called again: now_us or earlier when there is more to do at once, INT64_MAX for only after
     * wake. It never sleeps. It may overrun by one exchange with the other system, never more; a budget of 0
     * or less does one smallest step at most. Trouble with the other system is the module's own to keep and
     * to show; another code than CRM_OK means a defect, and the host calls again after a pause. */
    crm_result (*run_due)(crm_instance* instance, int64_t now_us, int64_t budget_us, int64_t* next_us,
                          const crm_sink* error);
    /* [any-thread] [borrowed] [sink] Answers one request, within seconds: long work is queued for run_due.
     * The host checks the route's permission first and the module checks it again. request: {"method", "path"
     * (below the connector's base, starting with "/"), "query": {name: value}, "headers": {lower-case name:
     * value}, "user":
     * {"name", "permissions": [id]} | null}; body: the raw bytes. head receives {"status", "headers": {}} in
     * one write before the first write to the body sink; the body may come in many pieces. A sink that
     * answers CRM_CANCELLED says that the client has gone. */
    crm_result (*handle_http)(crm_instance* instance, const char* request, uint64_t request_size,
                              const char* body, uint64_t body_size, const crm_sink* head,
                              const crm_sink* response_body, const crm_sink* error);
    /* [any-thread] [borrowed] [sink] Short state for a host's own overview: {"state":
     * "ok"|"attention"|"off", "text"}. */
    crm_result (*status)(crm_instance* instance, const crm_sink* json, const crm_sink* error);
    /* [any-thread] [borrowed] Makes a run_due that is going on return soon, with its progress kept. Without
     * one it cuts short the next slice at most. */
    void (*cancel)(crm_instance* instance);
    /* [any-thread] [borrowed] No new work is started; CRM_OK when nothing runs any more within deadline_us,
     * else CRM_TRANSIENT. deadline_us counts from the call. Afterwards only stop again and destroy may be
     * called; a run_due that is still going on returns by itself. */
    crm_result (*stop)(crm_instance* instance, int64_t deadline_us, const crm_sink* error);
} crm_connector;

typedef struct crm_entry {
    uint32_t magic;       /* CRM_ENTRY_MAGIC; frozen for ever */
    uint32_t struct_size; /* frozen for ever */
    uint32_t major;       /* CRM_ABI_MAJOR the module was built for; frozen for ever */
    uint32_t minor;       /* frozen for ever */
    /* [any-thread] [borrowed] The interface `name`, static for the life of the process and the same at every
     * call, or NULL when this module does not have it. A host that knows a newer one asks for that first. */
    const void* (*query)(const char* name, uint64_t name_size);
} crm_entry;

/* The one symbol a module exports is `crm_module_entry`. Everything else stays hidden, because two modules
 * that show the same name would share it.
 * [any-thread] [borrowed] Answers a static table, valid as long as the module is mapped. It does nothing
 * else: hosts call it before they know what they have loaded. */
typedef const crm_entry* (*crm_module_entry_fn)(void);

#ifdef __cplusplus
}
#endif

#endif
