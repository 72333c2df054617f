/* Reads the body one byte too far. */
#include "sound.h"

static crm_result http(crm_instance* instance, const char* request, uint64_t size, const char* body,
                       uint64_t body_size, const crm_sink* head, const crm_sink* response,
                       const crm_sink* error) {
    if (body_size > 0 && ((const volatile char*)body)[body_size] == 1) return CRM_INTERNAL;
    return sound_http(instance, request, size, body, body_size, head, response, error);
}
MODULE(.handle_http = http)
