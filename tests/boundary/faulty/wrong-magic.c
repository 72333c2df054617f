/* The magic number is another. */
#include "sound.h"

QUERY(.reserved = 0)
static const crm_entry entry = ENTRY(.magic = 1);
EXPORT_ENTRY(&entry)
