/* Looks for libraries in /tmp (by its linker option). */
#include "sound.h"

MODULE(.reserved = 0)
