/* Calls a function that nobody has. */
#include "sound.h"

void there_is_no_such_function(void);
static void cancel(crm_instance* instance) {
    (void)instance;
    there_is_no_such_function();
}
MODULE(.cancel = cancel)
