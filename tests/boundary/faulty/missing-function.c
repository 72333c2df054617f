/* The table has no stop. */
#include "sound.h"

MODULE(.stop = NULL)
