/* Takes the place for the next time for granted. */
#include "sound.h"

static crm_result run_due(crm_instance* instance, int64_t now, int64_t budget, int64_t* next,
                          const crm_sink* error) {
    (void)instance;
    (void)now;
    (void)budget;
    (void)error;
    *(volatile int64_t*)next = INT64_MAX;
    return CRM_OK;
}
MODULE(.run_due = run_due)
