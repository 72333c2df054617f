/* cancel breaks when nothing was ever run. */
#include "sound.h"

static crm_result run_due(crm_instance* instance, int64_t now, int64_t budget, int64_t* next,
                          const crm_sink* error) {
    STORE(instance->calls, 1);
    return sound_run_due(instance, now, budget, next, error);
}
static void cancel(crm_instance* instance) {
    if (LOAD(instance->calls) == 0) abort();
    sound_cancel(instance);
}
MODULE(.run_due = run_due, .cancel = cancel)
