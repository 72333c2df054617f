/* Stops its process, which then neither ends nor goes on. */
#include <signal.h>

#include "sound.h"

static crm_result stop(crm_instance* instance, int64_t deadline, const crm_sink* error) {
    if (deadline == 0) raise(SIGSTOP);
    return sound_stop(instance, deadline, error);
}
MODULE(.stop = stop)
