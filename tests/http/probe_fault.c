/* Modules that would take their host down, or hold it up, while it loads them: one fault for each macro. */
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
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

static MAYBE void become_daemon(void) {
    setsid();
    if (fork() != 0) _exit(0);
    for (;;) pause();
}

static MAYBE crm_result faulty_create(const crm_host* host, crm_instance** instance, const crm_sink* error) {
#ifdef HANGS
    for (;;) pause();
#endif
#ifdef COMPUTES
    for (volatile unsigned turns = 0;; ++turns) continue;
#endif
#ifdef STOPS_ITSELF
    raise(SIGSTOP);
#endif
#ifdef KILLS_ITSELF
    raise(SIGKILL);
#endif
#ifdef KILLS_ITS_GROUP
    kill(0, SIGKILL);
#endif
#ifdef KILLS_ITS_PARENT
    kill(getppid(), SIGKILL);
    pause();
#endif
#ifdef FLEES
    if (fork() == 0) become_daemon();
    poll(NULL, 0, 50);
    kill(getppid(), SIGKILL);
    pause();
#endif
#ifdef LEAVES_A_DAEMON
    const pid_t child = fork();
    if (child == 0) become_daemon();
    waitpid(child, NULL, 0);
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
#ifdef COMPUTES_ON
    signal(SIGXCPU, SIG_IGN);
    for (volatile unsigned turns = 0;; ++turns) continue;
#endif
#ifdef TALKS
    for (;;) {
        for (int descriptor = 1; descriptor < 8; ++descriptor) {
            if (write(descriptor, "doing nothing but talking\n", 26) < 0) continue;
        }
    }
#endif
#ifdef STOPS_ITS_PARENT
    for (;;) kill(getppid(), SIGSTOP);
#endif
#ifdef WAITS_FOR_A_CHILD
    if (vfork() == 0) {
        for (;;) pause();
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
