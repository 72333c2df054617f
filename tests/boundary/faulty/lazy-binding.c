/* Binds its functions lazily (by its linker option). */
#include "sound.h"

MODULE(.reserved = 0)
