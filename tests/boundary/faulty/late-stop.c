/* Waits far longer for the end of a run than it may. */
#include "sound.h"

static crm_result stop(crm_instance* instance, int64_t deadline, const crm_sink* error) {
    if (LOAD(instance->running) && deadline < 1000000) poll(NULL, 0, 4000);
    return sound_stop(instance, deadline, error);
}
MODULE(.stop = stop)
