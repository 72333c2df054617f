/* Takes a negative deadline for a defect. */
#include "sound.h"

static crm_result stop(crm_instance* instance, int64_t deadline, const crm_sink* error) {
    (void)instance;
    return deadline < 0 ? refuse(error, CRM_INVALID, "negative") : CRM_OK;
}
MODULE(.stop = stop)
