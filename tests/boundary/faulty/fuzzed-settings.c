/* Breaks on a number that is too large. */
#include "sound.h"

static crm_result create(const crm_host* host, crm_instance** instance, const crm_sink* error) {
    struct taken taken;
    read_settings(host, &taken);
    if (strstr(taken.text, "1e999") != NULL) abort();
    return sound_create(host, instance, error);
}
MODULE(.create = create)
