/* Works on for 1.5 s when it may for 50 ms. */
#include <time.h>

#include "sound.h"

static crm_result run_due(crm_instance* instance, int64_t now, int64_t budget, int64_t* next,
                          const crm_sink* error) {
    const clock_t until = clock() + 3 * CLOCKS_PER_SEC / 2;
    while (budget == 50000 && clock() < until) {
    }
    return sound_run_due(instance, now, budget, next, error);
}
MODULE(.run_due = run_due)
