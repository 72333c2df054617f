/* Talks on the host's standard output. */
#include "sound.h"

static void step(crm_instance* instance) {
    puts("working");
    sound_step(instance);
}
RUN_DUE(run_due, step)
MODULE(.run_due = run_due)
