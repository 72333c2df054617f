/* All instances use the first one's host. */
#include "sound.h"

static const crm_host* the_host;
static crm_result create(const crm_host* host, crm_instance** instance, const crm_sink* error) {
    if (the_host == NULL) the_host = host;
    return sound_create(host, instance, error);
}
static void destroy(crm_instance* instance) {
    if (instance != NULL && instance->host == the_host) the_host = NULL;
    free(instance);
}
static crm_result state(crm_instance* instance, const crm_sink* json, const crm_sink* error) {
    const crm_wake* const wake = FIND(the_host, crm_wake, CRM_SERVICE_WAKE);
    if (wake != NULL) wake->wake(wake->ctx);
    return sound_state(instance, json, error);
}
MODULE(.create = create, .destroy = destroy, .status = state)
