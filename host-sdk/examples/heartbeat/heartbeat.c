/* Watches that the CRM keeps its connectors going: a beat is due each minute; people are told of late ones.
 * GET /beats answers {"beats", "lateUs"}: how many there were, and by how much the last one was late.
 * Plain C99 over abi.h alone: in any language, a module is these functions in a table, and one symbol. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crm/entry.h"

#define MINUTE_US INT64_C(60000000)
#define LATE_US INT64_C(30000000)

/* Hosts differ in age: a table may be missing, end early or leave a member open. Ask before the first use. */
#define OFFERS(table, member) ((table) != NULL && CRM_HAS(table, member) && (table)->member != NULL)

/* run_due writes the numbers while handle_http reads them on another thread. */
#define LOAD(number) __atomic_load_n(&(number), __ATOMIC_RELAXED)
#define STORE(number, value) __atomic_store_n(&(number), value, __ATOMIC_RELAXED)

struct crm_instance { /* one company's connection: no state lies outside it */
    const crm_clock* clock;
    const crm_notify* notify; /* optional */
    int64_t due_us;           /* on the host's monotonic clock, which nobody sets back */
    int64_t beats, late_us;
};

/* Every result and error text goes this way: into a sink of the caller, who may have given none. */
static crm_result put(const crm_sink* sink, const char* text) {
    return OFFERS(sink, write) ? sink->write(sink->ctx, text, strlen(text)) : CRM_INVALID;
}

static crm_result create(const crm_host* host, crm_instance** instance, const crm_sink* error) {
    if (instance == NULL || !OFFERS(host, query)) return put(error, "no host, or no place"), CRM_INVALID;
    *instance = NULL;
    const crm_clock* const clock = host->query(host->ctx, CRM_SERVICE_CLOCK, strlen(CRM_SERVICE_CLOCK));
    if (!OFFERS(clock, monotonic_us)) return put(error, "this needs " CRM_SERVICE_CLOCK), CRM_UNSUPPORTED;
    crm_instance* const made = calloc(1, sizeof *made);
    if (made == NULL) return put(error, "out of memory"), CRM_INTERNAL;
    made->clock = clock;
    made->notify = host->query(host->ctx, CRM_SERVICE_NOTIFY, strlen(CRM_SERVICE_NOTIFY));
    *instance = made;
    return CRM_OK;
}

static void destroy(crm_instance* instance) {
    free(instance);
}

static crm_result describe(crm_instance* instance, const crm_sink* json, const crm_sink* error) {
    (void)instance, (void)error;
    return put(json,
               "{\"id\":\"heartbeat\",\"name\":\"Heartbeat\",\"version\":\"1.0.0\",\"routes\":"
               "[{\"method\":\"GET\",\"path\":\"/beats\",\"permission\":null}]}");
}

/* A notice that is resolved takes back the one of the same id. */
static void tell_people(const crm_instance* instance, const char* resolved) {
    char text[160];
    if (!OFFERS(instance->notify, post)) return;
    snprintf(text, sizeof text,
             "{\"id\":\"late\",\"level\":\"warning\",\"title\":\"Late heartbeat\",\"text\":"
             "\"Connectors waited for %" PRId64 " s\",\"resolved\":%s}",
             instance->late_us / 1000000, resolved);
    instance->notify->post(instance->notify->ctx, text, strlen(text));
}

/* A beat takes no time, so the budget doesn't matter. now_us is the host's idea of now: it may be any number.
 */
static crm_result run_due(crm_instance* instance, int64_t now_us, int64_t budget_us, int64_t* next_us,
                          const crm_sink* error) {
    (void)budget_us;
    if (next_us == NULL) return put(error, "no place for the next time"), CRM_INVALID;
    const int64_t clock_us = instance->clock->monotonic_us(instance->clock->ctx);
    if (clock_us >= instance->due_us) {
        const int was_late = instance->late_us > LATE_US;
        STORE(instance->late_us, instance->beats == 0 ? 0 : clock_us - instance->due_us);
        STORE(instance->beats, instance->beats + 1);
        instance->due_us = clock_us + MINUTE_US;
        if (instance->late_us > LATE_US || was_late) tell_people(instance, was_late ? "true" : "false");
    }
    const int64_t wait_us = instance->due_us - clock_us;
    *next_us = now_us > INT64_MAX - wait_us ? INT64_MAX : now_us + wait_us;
    return CRM_OK;
}

/* Whether the outermost object of `json` has "name": "value". The text has no end mark and may be broken. */
static int says(const char* json, uint64_t size, const char* name, const char* value) {
    const char* wanted = name;
    int depth = 0;
    for (uint64_t i = 0; i < size; ++i) {
        depth += (json[i] == '{' || json[i] == '[') - (json[i] == '}' || json[i] == ']');
        if (json[i] == ',') wanted = name;
        if (json[i] != '"') continue;
        const char* const text = json + ++i;
        while (i < size && json[i] != '"') i += json[i] == '\\' ? 2 : 1;
        if (i >= size) return 0;
        const size_t length = (size_t)(json + i - text);
        const int same = depth == 1 && length == strlen(wanted) && memcmp(text, wanted, length) == 0;
        if (same && wanted == value) return 1;
        wanted = same ? value : name;
    }
    return 0;
}

/* The route needs no permission: it tells nothing private. One that does looks for it in "user" as well. */
static crm_result handle_http(crm_instance* instance, const char* request, uint64_t size, const char* body,
                              uint64_t body_size, const crm_sink* head, const crm_sink* response,
                              const crm_sink* error) {
    char text[96];
    (void)body, (void)body_size;
    if (!says(request, size, "path", "/beats") || !says(request, size, "method", "GET"))
        return put(error, "there is only GET /beats"), CRM_NOT_FOUND; /* the host answers 404 */
    snprintf(text, sizeof text, "{\"beats\":%" PRId64 ",\"lateUs\":%" PRId64 "}", LOAD(instance->beats),
             LOAD(instance->late_us));
    const crm_result code = put(head, "{\"status\":200,\"headers\":{\"Content-Type\":\"application/json\"}}");
    return code == CRM_OK ? put(response, text) : code; /* the client may have gone */
}

static crm_result status(crm_instance* instance, const crm_sink* json, const crm_sink* error) {
    (void)error;
    return put(json, LOAD(instance->late_us) > LATE_US ? "{\"state\":\"attention\",\"text\":\"Late\"}"
                                                       : "{\"state\":\"ok\",\"text\":\"Beats each minute\"}");
}

/* Nothing takes long, so there is nothing to cut short and nothing to wait for. */
static void cancel(crm_instance* instance) {
    (void)instance;
}
static crm_result stop(crm_instance* instance, int64_t deadline_us, const crm_sink* error) {
    (void)instance, (void)deadline_us, (void)error;
    return CRM_OK;
}

static const crm_connector kConnector = {sizeof(crm_connector), 0,      create, destroy, describe, run_due,
                                         handle_http,           status, cancel, stop};

static const void* query(const char* name, uint64_t size) {
    const size_t wanted = strlen(CRM_INTERFACE_CONNECTOR);
    return size == wanted && memcmp(name, CRM_INTERFACE_CONNECTOR, wanted) == 0 ? &kConnector : NULL;
}

static const crm_entry kEntry = {CRM_ENTRY_MAGIC, sizeof(crm_entry), CRM_ABI_MAJOR, CRM_ABI_MINOR, query};

/* The one symbol that is seen from outside: crm/entry.h declares it so. */
const crm_entry* crm_module_entry(void) {
    return &kEntry;
}
