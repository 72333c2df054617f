/* Takes time that goes backwards for impossible. */
#include "sound.h"

static void step(crm_instance* instance) {
    const int64_t first = wall_clock(instance->host);
    if (wall_clock(instance->host) < first) abort();
    sound_step(instance);
}
RUN_DUE(run_due, step)
MODULE(.run_due = run_due)
