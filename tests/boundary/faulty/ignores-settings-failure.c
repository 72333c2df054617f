/* Breaks when settings can't be read. */
#include "sound.h"

static crm_result create(const crm_host* host, crm_instance** instance, const crm_sink* error) {
    struct taken taken;
    const crm_result code = read_settings(host, &taken);
    if (code != CRM_OK && code != CRM_UNSUPPORTED) abort();
    return sound_create(host, instance, error);
}
MODULE(.create = create)
