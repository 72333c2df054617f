/* Needs static thread-local storage. */
#include "sound.h"

static __thread int counter __attribute__((tls_model("initial-exec")));
static void cancel(crm_instance* instance) {
    (void)instance;
    ++counter;
}
MODULE(.cancel = cancel)
