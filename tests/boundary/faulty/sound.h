/* A small connector without faults. Each file beside this one replaces one part of it by a fault: it defines
 * functions of its own and ends with MODULE(...), which takes the table's members that differ. */
#ifndef SOUND_H
#define SOUND_H

#include <stdlib.h>
#include <string.h>

#include "crm/abi.h"

#define MAYBE __attribute__((unused))
#define FIND(host, type, name) ((const type*)(host)->query((host)->ctx, name, sizeof(name) - 1))

struct crm_instance {
    const crm_host* host;
    int calls; /* for faults that count */
};

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

static MAYBE crm_result sound_run_due(crm_instance* instance, int64_t now, int64_t budget, int64_t* next,
                                      const crm_sink* error) {
    (void)instance;
    (void)now;
    (void)budget;
    if (next == NULL) return refuse(error, CRM_INVALID, "no place for the next time");
    *next = INT64_MAX;
    return CRM_OK;
}

/* Enough of a parser for the texts a JSON library writes: the exact member must be there. */
static int holds(const char* text, uint64_t size, const char* part) {
    const size_t length = strlen(part);
    for (uint64_t i = 0; i + length <= size; ++i) {
        if (memcmp(text + i, part, length) == 0) return 1;
    }
    return 0;
}

static MAYBE crm_result answer(const crm_sink* head, const crm_sink* body, const char* status) {
    char text[64] = "{\"status\":";
    strcat(strcat(text, status), ",\"headers\":{}}");
    const crm_result code = put(head, text);
    return code != CRM_OK ? code : put(body, "{}");
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
    (void)instance;
    (void)error;
    return answer(head, response, sound_status(request, size, body, body_size));
}

static MAYBE crm_result sound_state(crm_instance* instance, const crm_sink* json, const crm_sink* error) {
    (void)instance;
    (void)error;
    return put(json, "{\"state\":\"ok\",\"text\":\"fine\"}");
}

static MAYBE void sound_cancel(crm_instance* instance) {
    (void)instance;
}

static MAYBE crm_result sound_stop(crm_instance* instance, int64_t deadline, const crm_sink* error) {
    (void)instance;
    (void)deadline;
    (void)error;
    return CRM_OK;
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
