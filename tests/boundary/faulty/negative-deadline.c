/* Takes a negative deadline for a defect. */
#include "sound.h"

static crm_result stop(crm_instance* instance, int64_t deadline, const crm_sink* error) {
    if (deadline < 0) return refuse(error, CRM_INVALID, "negative");
    return sound_stop(instance, deadline, error);
}
MODULE(.stop = stop)
