/* Takes all memory there is. */
#include "sound.h"

static crm_result stop(crm_instance* instance, int64_t deadline, const crm_sink* error) {
    for (volatile char* taken; deadline == 0 && (taken = malloc(1 << 20)) != NULL;) {
        for (int i = 0; i < 1 << 20; i += 4096) taken[i] = 1;
    }
    return sound_stop(instance, deadline, error);
}
MODULE(.stop = stop)
