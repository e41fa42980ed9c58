/* SPDX-License-Identifier: MIT */
#pragma once

#include "uhttpd_upload.h"

/** @file The part of uhttpd_upload.h that others do not see. */

/** @brief As uhttpd_upload_begin(), for a canonical path in the heap, whose names are as their directories have them. */
int uh_upload_begin(const uhttpd_storage_t *storage, char *path, uhttpd_upload_t **upload);

/** @brief Ends the uploads that have been kept for long enough. */
void uh_upload_end_kept(void);
