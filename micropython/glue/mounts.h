/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

#include "py/obj.h"

/**
 * @file
 * Directories of a client that `mpremote mount` makes file systems of the board. They speak over the terminal of that
 * client, which answers as long as it is there and nobody else is typing.
 */

/** @brief True if what is mounted is a client's. With the GIL held. */
bool glue_mounts_is_clients(mp_obj_t vfs);

/** @brief The terminal is ready: clients are to find the current directory as it is now. With the GIL held. */
void glue_mounts_begin(void);

/** @brief The client has gone. Any task. */
void glue_mounts_abandon(void);

/** @brief Takes away what clients that have gone had mounted, or were in. With the GIL held; does not raise. */
void glue_mounts_end_abandoned(void);
