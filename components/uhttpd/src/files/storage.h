/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "files/refusal.h"
#include "uhttpd_storage.h"
#include "uhttpd_upload.h"

/**
 * @file
 * What is done with any storage: paths are made and followed, directories made, walked through and removed.
 *
 * Functions that return an int return 0 or a positive errno. Workers only, unless they say otherwise.
 */

/* --- paths made of pieces ----------------------------------------------------------------------------------------- */

/** @brief Joins strings, such as `UH_JOIN(path, ".gz")`. @return the heap's; NULL: there is no memory */
#define UH_JOIN(...) uh_join((const char *const[]) {__VA_ARGS__, NULL})

char *uh_join(const char *const *pieces);

/* --- which file a path means -------------------------------------------------------------------------------------- */

/** @brief True for what a storage says of a path that leads to nothing. EINVAL: no file there can have that name. */
bool uh_file_is_absent(int error);

/** @brief Where a path that exists really is, in the heap. */
int uh_file_real_path(const uhttpd_storage_t *storage, const char *path, char **real);

/** @brief Says whether a path is there. It may note more in @p ctx. */
typedef bool (*uh_file_probe_t)(void *ctx, const char *path);

/**
 * @brief Searches for the longest part of a path that is there. What is below something absent is absent too, so a path
 *        of any depth takes a few questions.
 *
 * @param path  as it was when this returns
 * @return the end of that part; @p path: nothing of it is there but, perhaps, the root
 */
char *uh_file_part(char *path, uh_file_probe_t is_there, void *ctx);

/** @brief The same for what uhttpd_storage_t::stat finds. */
char *uh_file_existing(const uhttpd_storage_t *storage, char *path);

/** @brief Where the part of a path really is that exists, the root at least. @param[in,out] path  becomes that part */
int uh_file_real_part(const uhttpd_storage_t *storage, char *path, char **real);

/**
 * @brief Where a path is once links in its directory are followed, in the heap: absolute, and without dots. It need not
 *        exist. What its last segment is, link or not, does not matter.
 */
int uh_file_canonical(const uhttpd_storage_t *storage, const char *path, char **canonical);

/**
 * @brief Writes the names behind the first @p from bytes as their directories have them. EINVAL: one of them stands for
 *        another, or would.
 */
int uh_file_spell(const uhttpd_storage_t *storage, char *path, size_t from);

/** @brief Canonical, and spelled so. */
int uh_file_identity(const uhttpd_storage_t *storage, const char *path, char **identity);

/* --- directories -------------------------------------------------------------------------------------------------- */

/* Makes directories together with those above them, and removes them with everything in them. Workers only. */

/**
 * @brief Makes a directory, and those above it that do not exist.
 *
 * @param[in,out] path  as it was when this returns.
 * @param[out] made  how many were made, even if this fails.
 * @return 0 or a positive errno: ENOTDIR when a file is in the way
 */
int uh_file_directory_make(const uhttpd_storage_t *storage, char *path, unsigned *made);

/**
 * @brief Checks whether there is room for so many bytes below a directory, which need not exist yet.
 * @return ENOSPC; ENOMEM; 0, also when the storage cannot tell
 */
int uh_file_directory_room(const uhttpd_storage_t *storage, const char *path, int64_t length);

/**
 * @brief Removes directories that were made for what is at a path: the last @p made of those above it, as long as they
 *        are empty, and nobody else wants them.
 *
 * @param claim  on that path; it is one on what is left of it afterwards
 * @param path   is shortened
 */
void uh_file_directory_unmake(const uhttpd_storage_t *storage, uhttpd_claim_t *claim, char *path, unsigned made);

/** @brief Asked before an entry is removed. A refusal ends the removal. */
typedef uh_refusal_t (*uh_file_directory_ask_t)(void *ctx, const char *path, bool is_directory);

/**
 * @brief Removes a directory with everything in it, in constant memory however deep it is. Links are removed, not
 *        followed.
 *
 * Entries that were removed before an error or a refusal are gone.
 *
 * @param path  is a directory, not a link to one.
 */
uh_refusal_t uh_file_directory_remove_all(const uhttpd_storage_t *storage, const char *path,
                                          uh_file_directory_ask_t ask, void *ctx);

/* --- walks -------------------------------------------------------------------------------------------------------- */

/*
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
