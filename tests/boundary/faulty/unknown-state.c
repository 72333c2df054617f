/* status answers a state that does not exist. */
#include "sound.h"

static crm_result state(crm_instance* instance, const crm_sink* json, const crm_sink* error) {
    (void)instance;
    (void)error;
    return put(json, "{\"state\":\"splendid\",\"text\":\"fine\"}");
}
MODULE(.status = state)
