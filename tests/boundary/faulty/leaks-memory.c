/* Leaves 16 KiB behind for each instance. */
#include "sound.h"

static crm_result create(const crm_host* host, crm_instance** instance, const crm_sink* error) {
    volatile char* const lost = malloc(16384);
    for (int i = 0; lost != NULL && i < 16384; i += 4096) lost[i] = 1;
    return sound_create(host, instance, error);
}
MODULE(.create = create)
