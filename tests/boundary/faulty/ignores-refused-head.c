/* Writes a body although the head was refused. */
#include "sound.h"

static crm_result http(crm_instance* instance, const char* request, uint64_t size, const char* body,
                       uint64_t body_size, const crm_sink* head, const crm_sink* response,
                       const crm_sink* error) {
    const crm_result code = sound_http(instance, request, size, body, body_size, head, response, error);
    return code == CRM_CANCELLED ? put(response, "{}") : code;
}
MODULE(.handle_http = http)
