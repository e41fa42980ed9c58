/* SPDX-License-Identifier: MIT */
#pragma once

#include "second/file.h"

/**
 * @file
 * LIST: the entries of a directory, with digests of files if the client asks for them. Worker.
 */
void wr_list_begin(wr_file_op_t *op);

/** @brief Fills `data` with records of entries. A step may end with none, when it has read enough for digests. */
void wr_list_some(wr_file_op_t *op);

/** @brief Whether its directory says that the operation's path is a symbolic link. */
bool wr_list_has_link(wr_file_op_t *op);
