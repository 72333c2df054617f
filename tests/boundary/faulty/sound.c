/* Nothing is wrong here. */
#include "sound.h"

MODULE(.reserved = 0)
