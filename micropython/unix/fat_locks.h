/* SPDX-License-Identifier: MIT */

/* FatFs as it is configured, but it knows which files are open, and does not change those. For tests. */
#include "lib/oofatfs/ffconf.h"
#undef FF_FS_LOCK
#define FF_FS_LOCK FAT_LOCKS
