/* A segment is writable and executable. */
#include "sound.h"

__asm__(".pushsection .both, \"awx\"\n.long 1\n.popsection");
MODULE(.reserved = 0)
