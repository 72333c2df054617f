/* Makes one instance in a process, and no more after it. */
#include "sound.h"

static crm_result create(const crm_host* host, crm_instance** instance, const crm_sink* error) {
    static int made;
    if (made++ > 0) return refuse(error, CRM_INTERNAL, "only once");
    return sound_create(host, instance, error);
}
MODULE(.create = create)
