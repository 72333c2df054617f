/* Writes a body although the head was refused. */
#include "sound.h"

static crm_result http(crm_instance* instance, const char* request, uint64_t size, const char* body,
                       uint64_t body_size, const crm_sink* head, const crm_sink* response,
                       const crm_sink* error) {
    (void)instance;
    (void)error;
    char text[64] = "{\"status\":";
    strcat(strcat(text, sound_status(request, size, body, body_size)), ",\"headers\":{}}");
    put(head, text);
    return put(response, "{}");
}
MODULE(.handle_http = http)
