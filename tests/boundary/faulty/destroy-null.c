/* destroy takes no NULL. */
#include "sound.h"

static void destroy(crm_instance* instance) {
    *(volatile int*)&instance->calls = 0;
    free(instance);
}
MODULE(.destroy = destroy)
