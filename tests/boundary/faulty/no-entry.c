/* crm_module_entry is missing. */
#include "sound.h"

static const crm_connector connector MAYBE = TABLE(.reserved = 0);
