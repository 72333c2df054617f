/* Writes the head twice. */
#include "sound.h"

static crm_result http(crm_instance* instance, const char* request, uint64_t size, const char* body,
                       uint64_t body_size, const crm_sink* head, const crm_sink* response,
                       const crm_sink* error) {
    if (body_size == 0 && strcmp(sound_status(request, size, body, body_size), "200") == 0) {
        const crm_result code = put(head, "{\"status\":200,\"headers\":{}}");
        if (code != CRM_OK) return code;
    }
    return sound_http(instance, request, size, body, body_size, head, response, error);
}
MODULE(.handle_http = http)
