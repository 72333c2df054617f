/* Takes all memory there is. */
#include "sound.h"

static void cancel(crm_instance* instance) {
    (void)instance;
    for (volatile char* taken; (taken = malloc(1 << 20)) != NULL;) {
        for (int i = 0; i < 1 << 20; i += 4096) taken[i] = 1;
    }
}
MODULE(.cancel = cancel)
