/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>

#include "uhttpd_storage.h"

/**
 * @file
 * Walks through a tree without changing it, one entry per call. Links are not followed. Workers only, except
 * uh_file_walk_add().
 */
#define UH_FILE_WALK_NAME 256         /* bytes of an entry's name, NUL included; longer ones are passed over */
#define UH_FILE_WALK_DIRECTORIES 2000 /* that are looked into */

typedef struct {
    const uhttpd_storage_t *storage;
    struct uh_file_walk_directory *first; /* the one that is read, then those to come */
    void *dir;                            /* it; NULL: not open */
    unsigned seen;                        /* directories so far */
    int error;                    /* errno of the first directory that could not be read; EFBIG: too many directories */
    char name[UH_FILE_WALK_NAME]; /* of the entry at hand */
} uh_file_walk_t;

/** @brief Adds a directory to walk through. If there is no memory, that is an error of the walk. */
void uh_file_walk_add(uh_file_walk_t *walk, const char *path);

/** @brief Advances to the next entry. @return false: the whole tree has been walked */
bool uh_file_walk_next(uh_file_walk_t *walk, uhttpd_file_info_t *info);

/** @brief The directory of the entry at hand; no slash at its end, and empty for the root. */
const char *uh_file_walk_directory(const uh_file_walk_t *walk);

/** @brief The path of the entry at hand, in the heap; NULL without memory. */
char *uh_file_walk_path(const uh_file_walk_t *walk);

/** @brief Ends the walk, wherever it is. */
void uh_file_walk_end(uh_file_walk_t *walk);
