/* The entry is shorter than its first version. */
#include "sound.h"

QUERY(.reserved = 0)
static const crm_entry entry = ENTRY(.struct_size = 16);
EXPORT_ENTRY(&entry)
