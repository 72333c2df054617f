/* Needs static thread-local storage. */
#include "sound.h"

static __thread int counter __attribute__((tls_model("initial-exec")));
static void cancel(crm_instance* instance) {
    ++counter;
    sound_cancel(instance);
}
MODULE(.cancel = cancel)
