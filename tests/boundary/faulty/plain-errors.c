/* Tells errors without details. */
#include "sound.h"

static crm_result http(crm_instance* instance, const char* request, uint64_t size, const char* body,
                       uint64_t body_size, const crm_sink* head, const crm_sink* response,
                       const crm_sink* error) {
    const char* const status = sound_status(request, size, body, body_size);
    if (status[0] < '4') return sound_http(instance, request, size, body, body_size, head, response, error);
    char text[64];
    snprintf(text, sizeof text, "{\"status\":%s,\"headers\":{}}", status);
    const crm_result code = put(head, text);
    return code != CRM_OK ? code : put(response, "no");
}
MODULE(.handle_http = http)
