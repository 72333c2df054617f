/* Takes settings that were good at the start for good ever after. */
#include "sound.h"

static void step(crm_instance* instance) {
    struct taken taken;
    read_settings(instance->host, &taken);
    if (taken.text[0] == '<') abort();
    sound_step(instance);
}
RUN_DUE(run_due, step)
MODULE(.run_due = run_due)
