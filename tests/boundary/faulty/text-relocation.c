/* The code holds an address that the loader must fill in. */
#include "sound.h"

static int target MAYBE = 1;
__asm__(".pushsection .text\n.balign 8\n.quad target\n.popsection");
MODULE(.reserved = 0)
