/* SPDX-License-Identifier: MIT */
#pragma once

#include <mbedtls/md.h>

#include "http/fields.h"
#include "files/claim.h"
#include "uhttpd_storage.h"

/**
 * @file
 * A file on its way into the storage: written under a temporary name in its directory, renamed when it is whole. Until then
 * the old one stays as it was. Functions return 0 or a positive errno; workers only.
 */
typedef struct {
    const uhttpd_storage_t *storage;
    char *path;            /* where it goes */
    uh_file_claim_t claim; /* on the temporary name */
    void *file;            /* NULL: not open */
    bool created;          /* the temporary file is there */
    unsigned made;         /* directories that were made for it */
    uint64_t size;
    uint64_t max_size; /* 0: any */
    mbedtls_md_context_t hash;
    uint8_t digest[UH_DIGEST_SIZE]; /* of what was committed */
} uh_file_upload_t;

/**
 * @brief Begins: from now on nobody else changes this file. uh_file_upload_end() is needed in any case.
 *
 * @param path  canonical, in the heap; the upload's own from now on.
 * @return EBUSY: somebody else is at it.
 */
int uh_file_upload_begin(uh_file_upload_t *upload, const uhttpd_storage_t *storage, char *path);

/**
 * @brief Makes directories and the temporary file.
 *
 * @param length    Bytes to come; -1: not known.
 * @param max_size  EFBIG beyond it; 0: any.
 * @return EFBIG or ENOSPC when the length alone tells that it cannot be stored; EISDIR when the path is a directory.
 */
int uh_file_upload_open(uh_file_upload_t *upload, int64_t length, uint64_t max_size);

int uh_file_upload_write(uh_file_upload_t *upload, const void *data, size_t len);

/**
 * @brief Puts the file in its place, when all of it is on the disk.
 *
 * @param wanted  its digest; NULL: any. EILSEQ: it is another one.
 * @param[out] replaced  there was one before.
 */
int uh_file_upload_commit(uh_file_upload_t *upload, const uint8_t *wanted, bool *replaced);

/** @brief Ends it. What was not committed leaves nothing behind. */
void uh_file_upload_end(uh_file_upload_t *upload);

/** @brief The canonical path of the temporary file for @p path, in the heap; NULL without memory. */
char *uh_file_upload_temporary(const char *path);
