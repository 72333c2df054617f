/* Works on for 1.5 s when it may for 50 ms. */
#include "sound.h"

static crm_result run_due(crm_instance* instance, int64_t now, int64_t budget, int64_t* next,
                          const crm_sink* error) {
    if (budget == 50000) poll(NULL, 0, 1500);
    return sound_run_due(instance, now, budget, next, error);
}
MODULE(.run_due = run_due)
