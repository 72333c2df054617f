/* Its tables stay writable (by its linker option). */
#include "sound.h"

MODULE(.reserved = 0)
