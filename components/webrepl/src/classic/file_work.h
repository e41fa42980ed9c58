/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "classic/classic.h"
#include "uhttpd_storage.h"
#include "uhttpd_temporary.h"

/**
 * @file
 * Work on the one file of a transfer. All functions may block; one at a time.
 *
 * An upload goes to a temporary file in the same directory, and replaces the old file only when it is complete.
 */
#define WR_TEMPORARY_SIZE 77 /* WR_CLASSIC_NAME + UHTTPD_TEMPORARY_LEN + 1 */

typedef struct {
    const uhttpd_storage_t *files;
    void *file;
    bool is_open;
    char temporary[WR_TEMPORARY_SIZE]; /* "": there is none */
} wr_file_work_t;

/**
 * @brief Does the work that @p classic asks for.
 * @param[out] got  Bytes read.
 * @return 0 or an errno. An error, and the end of a file, leave nothing open and no temporary file.
 */
int wr_file_work_do(wr_file_work_t *work, const wr_classic_t *classic, size_t *got);

/** @brief True while a file is open or a temporary one is there. */
bool wr_file_work_pending(const wr_file_work_t *work);

/** @brief Closes what is open, and removes what is half written. */
void wr_file_work_abandon(wr_file_work_t *work);
