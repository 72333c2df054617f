/* Takes the files service for granted. */
#include "sound.h"

static crm_result create(const crm_host* host, crm_instance** instance, const crm_sink* error) {
    const crm_files* const files = FIND(host, crm_files, CRM_SERVICE_FILES);
    if (files->struct_size == 0) return CRM_INTERNAL;
    return sound_create(host, instance, error);
}
MODULE(.create = create)
