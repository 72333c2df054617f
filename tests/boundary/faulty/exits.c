/* Ends the process. */
#include "sound.h"

static crm_result stop(crm_instance* instance, int64_t deadline, const crm_sink* error) {
    if (deadline == 0) exit(3);
    return sound_stop(instance, deadline, error);
}
MODULE(.stop = stop)
