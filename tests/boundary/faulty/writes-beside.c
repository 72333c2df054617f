/* Keeps a file in the working directory. */
#include "sound.h"

static void step(crm_instance* instance) {
    const int file = open("sound.state", O_CREAT | O_WRONLY, 0600);
    if (file >= 0) close(file);
    sound_step(instance);
}
RUN_DUE(run_due, step)
MODULE(.run_due = run_due)
