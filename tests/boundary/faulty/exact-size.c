/* Refuses tables that are longer than it knows. */
#include "sound.h"

static crm_result create(const crm_host* host, crm_instance** instance, const crm_sink* error) {
    const crm_log* const log = FIND(host, crm_log, CRM_SERVICE_LOG);
    if (log != NULL && log->struct_size > sizeof *log) return refuse(error, CRM_UNSUPPORTED, "unknown table");
    return sound_create(host, instance, error);
}
MODULE(.create = create)
