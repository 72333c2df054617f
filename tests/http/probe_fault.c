/* Modules that would take their host down, or hold it up, while it loads them: one fault for each macro. */
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "sound.h"

#ifdef CRASHES_LOADING
__attribute__((constructor)) static void at_load(void) {
    abort();
}
#endif

#ifdef EXITS
__attribute__((constructor)) static void at_load(void) {
    exit(0);
}
#endif

static MAYBE crm_result faulty_create(const crm_host* host, crm_instance** instance, const crm_sink* error) {
#ifdef HANGS
    for (;;) pause();
#endif
#ifdef COMPUTES
    for (volatile unsigned turns = 0;; ++turns) continue;
#endif
    return sound_create(host, instance, error);
}

static MAYBE crm_result faulty_describe(crm_instance* instance, const crm_sink* json, const crm_sink* error) {
#ifdef CRASHES_DESCRIBING
    raise(SIGSEGV);
#endif
#ifdef EATS_MEMORY
    for (;;) {
        char* const piece = malloc(1 << 20);
        if (piece == NULL) abort();
        memset(piece, 1, 1 << 20);
    }
#endif
#ifdef OTHER_ID
    (void)instance;
    (void)error;
    return put(json, DESCRIPTION("another", "sound.use"));
#else
    return sound_describe(instance, json, error);
#endif
}

MODULE(.create = faulty_create, .describe = faulty_describe)
