/* Takes the length of a key for granted. */
#include "sound.h"

static void step(crm_instance* instance) {
    struct taken key;
    if (key_there_and_back(instance->host, &key) == CRM_OK && key.size != 3) abort();
    sound_step(instance);
}
RUN_DUE(run_due, step)
MODULE(.run_due = run_due)
