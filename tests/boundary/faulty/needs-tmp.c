/* Does not work where /tmp can't be written to, though it leaves nothing there. */
#include "sound.h"

static crm_result create(const crm_host* host, crm_instance** instance, const crm_sink* error) {
    char path[] = "/tmp/sound-XXXXXX";
    const int file = mkstemp(path);
    if (file < 0) return refuse(error, CRM_INTERNAL, "no temporary file");
    unlink(path);
    close(file);
    return sound_create(host, instance, error);
}
MODULE(.create = create)
