/* Works on when it is cancelled. */
#include "sound.h"

static void cancel(crm_instance* instance) {
    (void)instance;
}
MODULE(.cancel = cancel)
