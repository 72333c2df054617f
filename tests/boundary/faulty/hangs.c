/* Never returns. */
#include "sound.h"

static crm_result stop(crm_instance* instance, int64_t deadline, const crm_sink* error) {
    while (deadline == 0) poll(NULL, 0, -1);
    return sound_stop(instance, deadline, error);
}
MODULE(.stop = stop)
