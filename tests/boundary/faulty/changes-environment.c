/* Sets a variable of the host. */
#define _GNU_SOURCE
#include "sound.h"

static crm_result create(const crm_host* host, crm_instance** instance, const crm_sink* error) {
    setenv("SOUND", "1", 1);
    return sound_create(host, instance, error);
}
MODULE(.create = create)
