/* A small connector without faults. Each file beside this one replaces one part of it by a fault: it defines
 * functions of its own and ends with MODULE(...), which takes the table's members that differ. */
#ifndef SOUND_H
#define SOUND_H

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "crm/abi.h"

#define MAYBE __attribute__((unused))
#define FIND(host, type, name) ((const type*)(host)->query((host)->ctx, name, sizeof(name) - 1))
#define OFFERS(table, member) ((table) != NULL && CRM_HAS(table, member) && (table)->member != NULL)
/* Members that several threads use. */
#define LOAD(place) __atomic_load_n(&(place), __ATOMIC_SEQ_CST)
#define STORE(place, value) __atomic_store_n(&(place), value, __ATOMIC_SEQ_CST)

struct crm_instance {
    const crm_host* host;
    int calls;   /* for faults that count */
    int work;    /* exchanges that are left to do; POST /state makes some */
    int running; /* 1 inside run_due */
    int cancelled;
    int stopping;
};

/* A sink that keeps the beginning. */
struct taken {
    char text[256];
    uint64_t size; /* of the whole */
};
static crm_result take(void* ctx, const char* data, uint64_t size) {
    struct taken* const taken = ctx;
    for (uint64_t i = 0; i < size; ++i, ++taken->size) {
        if (taken->size < sizeof taken->text - 1) taken->text[taken->size] = data[i];
    }
    return CRM_OK;
}
static crm_sink sink_of(struct taken* taken) {
    memset(taken, 0, sizeof *taken);
    const crm_sink sink = {sizeof(crm_sink), 0, taken, take};
    return sink;
}

static MAYBE crm_result read_settings(const crm_host* host, struct taken* taken) {
    const crm_settings* const settings = FIND(host, crm_settings, CRM_SERVICE_SETTINGS);
    const crm_sink sink = sink_of(taken);
    return OFFERS(settings, get) ? settings->get(settings->ctx, &sink, NULL) : CRM_UNSUPPORTED;
}
static MAYBE crm_result write_records(const crm_host* host, struct taken* taken) {
    static const char request[] =
        "{\"kind\":\"contacts\",\"items\":[{\"externalId\":\"1\",\"fields\":{\"name\":\"x\"}}]}";
    const crm_records* const records = FIND(host, crm_records, CRM_SERVICE_RECORDS);
    const crm_sink sink = sink_of(taken);
    return OFFERS(records, upsert) ? records->upsert(records->ctx, request, sizeof request - 1, &sink, NULL)
                                   : CRM_UNSUPPORTED;
}
/* What comes back of a key of 3 bytes. */
static MAYBE crm_result key_there_and_back(const crm_host* host, struct taken* taken) {
    const crm_keys* const keys = FIND(host, crm_keys, CRM_SERVICE_KEYS);
    if (!OFFERS(keys, wrap) || !OFFERS(keys, unwrap)) return CRM_UNSUPPORTED;
    struct taken wrapped;
    const crm_sink first = sink_of(&wrapped);
    const crm_result code = keys->wrap(keys->ctx, "key", 3, &first, NULL);
    if (code != CRM_OK || wrapped.size >= sizeof wrapped.text) return code;
    const crm_sink second = sink_of(taken);
    return keys->unwrap(keys->ctx, wrapped.text, wrapped.size, &second, NULL);
}
/* A file named `state` in the instance's own folder: CRM_OK and its descriptor, or -1. */
static MAYBE crm_result open_state(const crm_host* host, int* file) {
    const crm_files* const files = FIND(host, crm_files, CRM_SERVICE_FILES);
    if (!OFFERS(files, directory)) return CRM_UNSUPPORTED;
    struct taken folder;
    const crm_sink sink = sink_of(&folder);
    const crm_result code = files->directory(files->ctx, &sink, NULL);
    char path[sizeof folder.text + 8];
    snprintf(path, sizeof path, "%s/state", folder.text);
    const int usable = folder.size < sizeof folder.text && folder.text[0] == '/';
    *file = usable ? open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600) : -1;
    return code;
}
static MAYBE int64_t wall_clock(const crm_host* host) {
    const crm_clock* const clock = FIND(host, crm_clock, CRM_SERVICE_CLOCK);
    return OFFERS(clock, now_us) ? clock->now_us(clock->ctx) : 0;
}
static MAYBE int64_t monotonic(const crm_host* host) {
    const crm_clock* const clock = FIND(host, crm_clock, CRM_SERVICE_CLOCK);
    return OFFERS(clock, monotonic_us) ? clock->monotonic_us(clock->ctx) : 0;
}

static crm_result put(const crm_sink* sink, const char* text) {
    if (sink == NULL || !CRM_HAS(sink, write) || sink->write == NULL) return CRM_INVALID;
    return sink->write(sink->ctx, text, strlen(text));
}

static crm_result refuse(const crm_sink* error, crm_result code, const char* text) {
    put(error, text);
    return code;
}

static MAYBE crm_result sound_create(const crm_host* host, crm_instance** instance, const crm_sink* error) {
    if (host == NULL || instance == NULL) return refuse(error, CRM_INVALID, "no host or no place");
    *instance = NULL;
    crm_instance* const made = calloc(1, sizeof *made);
    if (made == NULL) return refuse(error, CRM_INTERNAL, "out of memory");
    made->host = host;
    *instance = made;
    return CRM_OK;
}

static MAYBE void sound_destroy(crm_instance* instance) {
    free(instance);
}

#define DESCRIPTION(id, permission)                                                                      \
    "{\"id\":\"" id                                                                                      \
    "\",\"name\":\"Sound\",\"version\":\"1.0.0\",\"permissions\":[{\"id\":\"sound.use\","                \
    "\"title\":\"Use\"}],\"pages\":[],\"tasks\":[],\"routes\":[{\"method\":\"GET\",\"path\":\"/state\"," \
    "\"permission\":\"" permission                                                                       \
    "\"},{\"method\":\"POST\",\"path\":\"/state\",\"permission\":\""                                     \
    "sound.use\"}]}"

static MAYBE crm_result sound_describe(crm_instance* instance, const crm_sink* json, const crm_sink* error) {
    (void)instance;
    (void)error;
    return put(json, DESCRIPTION("sound", "sound.use"));
}

/* One exchange of 1 ms with another system, and everything a connector asks of its host. */
static MAYBE void sound_step(crm_instance* instance) {
    const crm_host* const host = instance->host;
    poll(NULL, 0, 1);
    struct taken taken;
    read_settings(host, &taken);
    const crm_settings* const settings = FIND(host, crm_settings, CRM_SERVICE_SETTINGS);
    static const char kept[] = "{\"seen\":[1,2.5,null],\"name\":\"text\"}";
    if (OFFERS(settings, put)) settings->put(settings->ctx, kept, sizeof kept - 1, NULL);
    write_records(host, &taken);
    key_there_and_back(host, &taken);
    wall_clock(host);
    int file = -1;
    open_state(host, &file);
    if (file >= 0) close(file);
}

/* Works off what POST /state ordered, step by step. */
static MAYBE crm_result run_with(void (*step)(crm_instance*), crm_instance* instance, int64_t now,
                                 int64_t budget, int64_t* next, const crm_sink* error) {
    if (next == NULL) return refuse(error, CRM_INVALID, "no place for the next time");
    *next = INT64_MAX;
    const int64_t begin = monotonic(instance->host);
    STORE(instance->running, 1);
    while (LOAD(instance->work) > 0 && !LOAD(instance->stopping)) {
        step(instance);
        __atomic_fetch_sub(&instance->work, 1, __ATOMIC_SEQ_CST);
        *next = now;
        if (LOAD(instance->cancelled) || monotonic(instance->host) - begin >= budget) break;
    }
    if (LOAD(instance->work) <= 0) *next = INT64_MAX;
    STORE(instance->cancelled, 0);
    STORE(instance->running, 0);
    return CRM_OK;
}
#define RUN_DUE(name, step)                                                                          \
    static MAYBE crm_result name(crm_instance* instance, int64_t now, int64_t budget, int64_t* next, \
                                 const crm_sink* error) {                                            \
        return run_with(step, instance, now, budget, next, error);                                   \
    }
RUN_DUE(sound_run_due, sound_step)

/* Enough of a parser for the texts a JSON library writes: the exact member must be there. */
static int holds(const char* text, uint64_t size, const char* part) {
    const size_t length = strlen(part);
    for (uint64_t i = 0; i + length <= size; ++i) {
        if (memcmp(text + i, part, length) == 0) return 1;
    }
    return 0;
}

static MAYBE crm_result answer(const crm_sink* head, const crm_sink* body, const char* status) {
    const int failed = status[0] >= '4';
    char text[160];
    snprintf(text, sizeof text, "{\"status\":%s,\"headers\":{\"content-type\":\"application/%sjson\"}}",
             status, failed ? "problem+" : "");
    const crm_result code = put(head, text);
    if (code != CRM_OK) return code;
    snprintf(text, sizeof text,
             "{\"type\":\"about:blank\",\"title\":\"Refused\",\"status\":%s,\"detail\":\"See the status.\"}",
             status);
    return put(body, failed ? text : "{}");
}

static MAYBE const char* sound_status(const char* request, uint64_t size, const char* body,
                                      uint64_t body_size) {
    if (size == 0 || request[size - 1] != '}') return "400";
    if (!holds(request, size, "\"path\":\"/state\"")) return "404";
    const int post = holds(request, size, "\"method\":\"POST\"");
    if (!post && !holds(request, size, "\"method\":\"GET\"")) return "405";
    if (holds(request, size, "\"user\":null")) return "401";
    if (!holds(request, size, "\"sound.use\"")) return "403";
    if (post && (body_size == 0 || body[body_size - 1] != '}')) return "400";
    return "200";
}

static MAYBE crm_result sound_http(crm_instance* instance, const char* request, uint64_t size,
                                   const char* body, uint64_t body_size, const crm_sink* head,
                                   const crm_sink* response, const crm_sink* error) {
    (void)error;
    const char* const status = sound_status(request, size, body, body_size);
    if (holds(body, body_size, "\"work\"") && strcmp(status, "200") == 0) STORE(instance->work, 10000);
    return answer(head, response, status);
}

static MAYBE crm_result sound_state(crm_instance* instance, const crm_sink* json, const crm_sink* error) {
    (void)instance;
    (void)error;
    return put(json, "{\"state\":\"ok\",\"text\":\"fine\"}");
}

static MAYBE void sound_cancel(crm_instance* instance) {
    STORE(instance->cancelled, 1);
}

/* CRM_OK when nothing runs any more. */
static MAYBE crm_result wait_for_run(const crm_instance* instance, int64_t deadline, const crm_sink* error) {
    const int64_t begin = monotonic(instance->host);
    while (LOAD(instance->running)) {
        if (monotonic(instance->host) - begin >= deadline)
            return refuse(error, CRM_TRANSIENT, "work goes on");
        poll(NULL, 0, 1);
    }
    return CRM_OK;
}
static MAYBE crm_result sound_stop(crm_instance* instance, int64_t deadline, const crm_sink* error) {
    STORE(instance->stopping, 1);
    return wait_for_run(instance, deadline, error);
}

#define TABLE(...)                                                                              \
    {                                                                                           \
        .struct_size = sizeof(crm_connector), .create = sound_create, .destroy = sound_destroy, \
        .describe = sound_describe, .run_due = sound_run_due, .handle_http = sound_http,        \
        .status = sound_state, .cancel = sound_cancel, .stop = sound_stop, __VA_ARGS__          \
    }

static MAYBE int is_connector(const char* name, uint64_t size) {
    return size == sizeof(CRM_INTERFACE_CONNECTOR) - 1 && memcmp(name, CRM_INTERFACE_CONNECTOR, size) == 0;
}

/* Larger than the least size a host takes for a whole file. */
static MAYBE const char padding[8192] __attribute__((used)) = "padding";

#define ENTRY(...)                                                                          \
    {                                                                                       \
        .magic = CRM_ENTRY_MAGIC, .struct_size = sizeof(crm_entry), .major = CRM_ABI_MAJOR, \
        .minor = CRM_ABI_MINOR, .query = query, __VA_ARGS__                                 \
    }
#define EXPORT __attribute__((visibility("default")))
#define EXPORT_ENTRY(expression)                    \
    EXPORT const crm_entry* crm_module_entry(void); \
    const crm_entry* crm_module_entry(void) {       \
        return expression;                          \
    }

/* The entry over a table named `connector` made of the sound parts and what differs. */
#define QUERY(...)                                              \
    static const crm_connector connector = TABLE(__VA_ARGS__);  \
    static const void* query(const char* name, uint64_t size) { \
        return is_connector(name, size) ? &connector : NULL;    \
    }
#define MODULE(...)                                               \
    QUERY(__VA_ARGS__)                                            \
    static const crm_entry entry = ENTRY(.minor = CRM_ABI_MINOR); \
    EXPORT_ENTRY(&entry)

#endif
