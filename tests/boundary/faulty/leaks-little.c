/* Leaves 64 bytes behind for each instance. */
#include "sound.h"

static crm_result create(const crm_host* host, crm_instance** instance, const crm_sink* error) {
    volatile char* const lost = malloc(64);
    if (lost != NULL) lost[0] = 1;
    return sound_create(host, instance, error);
}
MODULE(.create = create)
