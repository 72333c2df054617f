/* stop says that work goes on, though none does. */
#include "sound.h"

static crm_result stop(crm_instance* instance, int64_t deadline, const crm_sink* error) {
    if (LOAD(instance->running)) return sound_stop(instance, deadline, error);
    return refuse(error, CRM_TRANSIENT, "work goes on");
}
MODULE(.stop = stop)
