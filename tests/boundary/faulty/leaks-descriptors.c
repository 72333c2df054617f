/* Leaves a file open for each instance. */
#include <fcntl.h>

#include "sound.h"

static crm_result create(const crm_host* host, crm_instance** instance, const crm_sink* error) {
    if (open("/dev/null", O_RDONLY) < 0) return refuse(error, CRM_INTERNAL, "too many files");
    return sound_create(host, instance, error);
}
MODULE(.create = create)
