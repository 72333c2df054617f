/* The entry function answers NULL. */
#include "sound.h"

EXPORT_ENTRY(NULL)
