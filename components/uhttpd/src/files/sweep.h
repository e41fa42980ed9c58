/* SPDX-License-Identifier: MIT */
#pragma once

#include "files/tree.h"

/**
 * @brief Has workers look through a tree for temporary files that a power cut has left, and remove them: in small steps,
 *        behind whatever else there is to do. Without memory it is left for the next time. Any task.
 *
 * @param tree  Lives as long as the server.
 */
void uh_file_sweep(const uh_file_tree_t *tree);
