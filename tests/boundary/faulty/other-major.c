/* Built for another major version. */
#include "sound.h"

QUERY(.reserved = 0)
static const crm_entry entry = ENTRY(.major = 2);
EXPORT_ENTRY(&entry)
