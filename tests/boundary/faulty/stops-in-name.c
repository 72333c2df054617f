/* stop says that nothing runs, though something does. */
#include "sound.h"

static crm_result stop(crm_instance* instance, int64_t deadline, const crm_sink* error) {
    (void)instance;
    (void)deadline;
    (void)error;
    return CRM_OK;
}
MODULE(.stop = stop)
