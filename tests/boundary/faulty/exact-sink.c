/* Refuses sinks that are longer than it knows. */
#include "sound.h"

static crm_result state(crm_instance* instance, const crm_sink* json, const crm_sink* error) {
    if (json != NULL && json->struct_size != sizeof *json) return refuse(error, CRM_INVALID, "unknown sink");
    return sound_state(instance, json, error);
}
MODULE(.status = state)
