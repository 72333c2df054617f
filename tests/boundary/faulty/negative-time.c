/* Takes a time before 1970 for a defect. */
#include "sound.h"

static crm_result run_due(crm_instance* instance, int64_t now, int64_t budget, int64_t* next,
                          const crm_sink* error) {
    if (now < 0) return refuse(error, CRM_INVALID, "negative");
    return sound_run_due(instance, now, budget, next, error);
}
MODULE(.run_due = run_due)
