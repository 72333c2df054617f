/* Answers another table at each call. */
#include "sound.h"

QUERY(.reserved = 0)
static const crm_entry entries[2] = {ENTRY(.minor = CRM_ABI_MINOR), ENTRY(.minor = CRM_ABI_MINOR)};
static unsigned calls;
EXPORT_ENTRY(&entries[calls++ % 2])
