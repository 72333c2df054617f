/* Calls the host from a thread of its own. */
#include <pthread.h>

#include "sound.h"

static void* call_host(void* host) {
    const crm_wake* const wake = FIND((const crm_host*)host, crm_wake, CRM_SERVICE_WAKE);
    if (OFFERS(wake, wake)) wake->wake(wake->ctx);
    return NULL;
}
static void step(crm_instance* instance) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, call_host, (void*)instance->host) == 0) pthread_join(thread, NULL);
    sound_step(instance);
}
RUN_DUE(run_due, step)
MODULE(.run_due = run_due)
