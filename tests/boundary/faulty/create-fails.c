/* create never succeeds. */
#include "sound.h"

static crm_result create(const crm_host* host, crm_instance** instance, const crm_sink* error) {
    (void)host;
    *instance = NULL;
    return refuse(error, CRM_INTERNAL, "not today");
}
MODULE(.create = create)
