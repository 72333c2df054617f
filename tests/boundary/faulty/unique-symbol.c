/* A symbol is unique in the process. */
#include "sound.h"

__asm__(
    ".pushsection .data\n.globl shared_by_all\n.type shared_by_all, @gnu_unique_object\n"
    "shared_by_all: .long 1\n.size shared_by_all, 4\n.popsection");
MODULE(.reserved = 0)
