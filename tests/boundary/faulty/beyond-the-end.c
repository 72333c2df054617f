/* Uses a member beyond the end of a shorter table. */
#include "sound.h"

static crm_result create(const crm_host* host, crm_instance** instance, const crm_sink* error) {
    const crm_wake* const wake = FIND(host, crm_wake, CRM_SERVICE_WAKE);
    if (wake != NULL && wake->wake != NULL) wake->wake(wake->ctx);
    return sound_create(host, instance, error);
}
MODULE(.create = create)
