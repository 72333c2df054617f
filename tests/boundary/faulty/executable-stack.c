/* Asks for an executable stack (by its linker option). */
#include "sound.h"

MODULE(.reserved = 0)
