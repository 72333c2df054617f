/* Leaves one byte behind for each instance. */
#include "sound.h"

static crm_result create(const crm_host* host, crm_instance** instance, const crm_sink* error) {
    volatile char* const lost = malloc(1);
    if (lost != NULL) lost[0] = 1;
    return sound_create(host, instance, error);
}
MODULE(.create = create)
