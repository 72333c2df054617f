/* A second symbol is exported. */
#include "sound.h"

EXPORT int helper = 1;
MODULE(.reserved = 0)
