/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "classic/classic.h"
#include "uhttpd_upload.h"

/**
 * @file
 * Work on the one file of a transfer. All functions may block; one at a time.
 */
typedef struct {
    const uhttpd_storage_t *files;
    void *file; /* that is read */
    bool is_open;
    uhttpd_claim_t *claim;   /* on it */
    uhttpd_upload_t *upload; /* NULL: none */
} wr_file_work_t;

/**
 * @brief Does the work that @p classic asks for.
 * @param[out] got  Bytes read.
 * @return 0 or an errno. An error, and the end of a file, leave nothing open and no upload.
 */
int wr_file_work_do(wr_file_work_t *work, const wr_classic_t *classic, size_t *got);

/** @brief True while a file is open or an upload under way. */
bool wr_file_work_pending(const wr_file_work_t *work);

/** @brief Closes what is open, and removes what is half written. */
void wr_file_work_abandon(wr_file_work_t *work);
