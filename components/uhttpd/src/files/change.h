/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "uhttpd_storage.h"
#include "uhttpd_upload.h"

/**
 * @file
 * How files are changed: what uhttpd_upload.h does not show.
 */

/* --- claims ------------------------------------------------------------------------------------------------------- */

/*
 * The one registry of who is at which file, by canonical paths. Any task; nothing
 * blocks.
 */

typedef enum {
    UH_CLAIM_READ,   /* goes along with all but a change */
    UH_CLAIM_UPLOAD, /* goes along with others that begin to read */
    UH_CLAIM_MAKE,   /* of a directory: goes along with others of it, and with whatever is done in it */
    UH_CLAIM_UNMAKE, /* of an empty directory that an upload has made: goes along with all but its making */
    UH_CLAIM_CHANGE, /* goes along with no more than that */
} uh_claim_kind_t;

struct uhttpd_claim {
    const char *path; /* whoever has the claim keeps it; NULL: it is not taken */
    uh_claim_kind_t kind;
    size_t stays; /* so many bytes of the path are a directory that others have made, or asked for, meanwhile */
    struct uhttpd_claim *next;
};

/** @brief True for the directory itself and everything below it, and for names that FAT takes for the same. */
bool uh_claim_covers(const char *directory, const char *path);

/** @brief Takes a claim, or has not taken it: somebody else's stands in its way. */
bool uh_claim_take(uhttpd_claim_t *claim, const char *path, uh_claim_kind_t kind);

/** @brief Has an upload change its file, as long as nobody reads it. @return false: somebody does */
bool uh_claim_change(uhttpd_claim_t *claim);

/**
 * @brief Has whoever made directories for a file claim the one that ends at a slash of its path, to remove it.
 *
 * @param slash  the last one in the path of the claim, which ends there from now on
 * @return false: somebody else wants that directory
 */
bool uh_claim_unmake(uhttpd_claim_t *claim, char *slash);

/**
 * @brief Takes a claim in the heap, on whatever file a path means. uhttpd_claim_release() ends it.
 * @return 0 or a positive errno: EBUSY
 */
int uh_claim_make(const uhttpd_storage_t *storage, const char *path, uh_claim_kind_t kind, uhttpd_claim_t **claim);

/** @brief Gives it up. Nothing happens if it was not taken. */
void uh_claim_release(uhttpd_claim_t *claim);

/** @brief The same under the global lock. */
void uh_claim_unlink(uhttpd_claim_t *claim);

/* --- temporary names ---------------------------------------------------------------------------------------------- */

/*
 * What files are called while they are being changed: names short enough for file systems that know eight characters and
 * three. They are neither served nor listed, and nobody can ask for them.
 *
 * A name has a number of its own in its directory as long as it is in use. Which one depends on the path, so that what a
 * power cut has left of a file is in the way of its next upload, and goes.
 */

#define UH_FILE_TEMPORARY_SIZE 13 /* bytes, NUL included */

/* Extensions. */
extern const char uh_temporary_file[]; /* a file that is not whole yet, or not in its place */
extern const char uh_temporary_note[]; /* where such a file belongs */

/** A name in use. */
typedef struct uh_temporary {
    struct uh_temporary *next;
    char path[]; /* with uh_temporary_file; the number goes for all extensions */
} uh_temporary_t;

/** @brief Takes a name for a file, in its directory. @param path  canonical. NULL without memory. Any task. */
uh_temporary_t *uh_temporary_create(const char *path);

/**
 * @brief Takes the name that a temporary path ends in, if nobody uses it, to clear it away. NULL: somebody does. Any task.
 * @param path  canonical
 */
uh_temporary_t *uh_temporary_seize(const char *path);

/** @brief Gives it up: when nothing has a name with it any more, or what has is for the next start. Any task. */
void uh_temporary_free(uh_temporary_t *temporary);

/** @brief A copy of a path that ends in a temporary name, with another extension; in the heap, NULL without memory. */
char *uh_temporary_with(const char *path, const char *extension);

/** @brief True for such a name with that extension. */
bool uh_temporary_is(const char *name, const char *extension);

/* --- replacing ---------------------------------------------------------------------------------------------------- */

/*
 * A file takes the place of another, or a name of its own, wherever in that the power goes. Workers only.
 *
 * Where the storage does that in one step (#UHTTPD_STORAGE_REPLACES) there is no more to it. FAT needs several: the old
 * file goes, then the new one comes, and for a moment there are two names for one file, of which neither may be removed.
 * So a note is written first, which says what is to become what.
 */

/**
 * @brief Renames; a file replaces a file. Both paths are claimed.
 *
 * @param info       what is known of @p from
 * @param temporary  a temporary name in the directory of @p to: the note has its number
 * @param[out] left  it has failed half way: @p from is all there is, and the next start goes on
 * @return 0 or a positive errno
 */
int uh_file_replace(const uhttpd_storage_t *storage, const char *from, const uhttpd_file_info_t *info, const char *to,
                    const char *temporary, bool *left);

/** @brief The same for any file or directory, and with a number of its own. */
int uh_file_move(const uhttpd_storage_t *storage, const char *from, const char *to);

/**
 * @brief Clears away what a power cut has left under a temporary name that nobody uses: does what a note says, or removes
 *        a file that has none.
 *
 * @param path     of the note or the file
 * @param claimed  claimed by the caller, or NULL; any other file that a note is about is claimed meanwhile
 */
void uh_file_clear(const uhttpd_storage_t *storage, const char *path, const char *claimed);

/* --- uploads ------------------------------------------------------------------------------------------------------ */

/** @brief As uhttpd_upload_begin(), for a canonical path in the heap, whose names are as their directories have them. */
int uh_upload_begin(const uhttpd_storage_t *storage, char *path, uhttpd_upload_t **upload);

/** @brief Ends the uploads that have been kept for long enough. */
void uh_upload_end_kept(void);

/** @brief Ends the kept uploads of what is below a path, which is claimed. An upload of the path itself stays. */
void uh_upload_end_kept_below(const char *path);
