/* SPDX-License-Identifier: MIT */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "uhttpd.h"
#include "uhttpd_storage.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @file
 * How files are changed: by uhttpd_receive(), and by others, such as WebREPL, that change the same files.
 *
 * A change of a file begins with a claim on it, for all servers and protocols together. A claim is on the file itself:
 * links are followed, and names that the storage cannot tell apart are one.
 *
 * An upload is written under a temporary name in the directory of its file, and takes the place of the old file in the
 * end. Whenever the power goes, the old file or the new one is there and whole: where the storage needs two steps to
 * replace a file, a note beside it says what the second one is. uhttpd_receive() finishes, and clears away, what a power
 * cut has left; so does the next upload of the same file.
 *
 * Functions return 0 or a positive errno. All of them run in workers and may block, unless they say otherwise.
 */

/**
 * @brief True for the names of temporary files, in any spelling. They are the engine's own: it lets nobody claim, write,
 *        rename or remove what is at a path with such a name in it (EACCES), and lists should leave them out. Pure.
 */
bool uhttpd_name_is_temporary(const char *name);

/** @brief True when any segment of a path has such a name. Pure. */
bool uhttpd_path_is_temporary(const char *path);

/** @name Claims
 *  @{ */
typedef struct uhttpd_claim uhttpd_claim_t;

/**
 * @brief Reads a file: nobody replaces or removes it before uhttpd_claim_release(). No claim is needed if the storage
 *        keeps open files (#UHTTPD_STORAGE_KEEPS_OPEN).
 *
 * @param info  What is known of the file.
 * @param[out] claim  NULL: there is none.
 * @return EBUSY: it is being replaced or removed; EINVAL: the storage has it under another name; EACCES: it has a
 *         temporary name.
 */
int uhttpd_claim_read(const uhttpd_storage_t *storage, const char *path, const uhttpd_file_info_t *info,
                      uhttpd_claim_t **claim);

/**
 * @brief Removes or renames a file, or a directory with all in it: nobody else reads or changes any of it. What
 *        uhttpd_upload_keep() has kept of it goes.
 * @return EBUSY: somebody does; EINVAL, EACCES: as above.
 */
int uhttpd_claim_change(const uhttpd_storage_t *storage, const char *path, uhttpd_claim_t **claim);

/** @brief Gives a claim up. NULL does nothing. Does not block; any task. */
void uhttpd_claim_release(uhttpd_claim_t *claim);

/**
 * @brief Renames a file or directory; a file replaces a file. Claims both paths meanwhile.
 * @return EBUSY, EINVAL, EACCES: as above; or what uhttpd_storage_t::rename() says.
 */
int uhttpd_claimed_rename(const uhttpd_storage_t *storage, const char *from, const char *to);

/**
 * @brief Makes a directory. Once this has said that there is one (0, EEXIST), no upload takes it away that has made it.
 * @return EBUSY: a file is being uploaded there, or a directory above is being changed; EINVAL, EACCES: as above; or
 *         what uhttpd_storage_t::make_directory() says.
 */
int uhttpd_claimed_make_directory(const uhttpd_storage_t *storage, const char *path);
/** @} */

/** @name Uploads
 *  @{ */
typedef struct uhttpd_upload uhttpd_upload_t;

/** @brief What an upload is to be. */
typedef struct {
    int64_t length;         /*!< bytes of the whole file; -1: not known */
    bool checks_space;      /*!< ENOSPC at once, if there is none for that length; littlefs takes its time to count */
    uint64_t max_size;      /*!< EFBIG beyond it; 0: any */
    bool makes_directories; /*!< those that are not there; when the upload fails they go again */
    bool has_digest;        /*!< SHA-256 is computed */
    int64_t modified;       /*!< when the file was changed, seconds since 1970, if the storage can note it; 0: now */
    bool resumes;           /*!< goes on with what uhttpd_upload_keep() has kept of the same file, if anything */
} uhttpd_upload_config_t;

/**
 * @brief Begins: from now on nobody else changes this file. Reading goes on until the upload is committed.
 * @param[out] upload  uhttpd_upload_end() is needed; NULL: it has not begun.
 * @return EBUSY: somebody is at it; EINVAL: the storage has the file under another name; EISDIR: there is a slash at the
 *         end of the path.
 */
int uhttpd_upload_begin(const uhttpd_storage_t *storage, const char *path, uhttpd_upload_t **upload);

/**
 * @brief Makes the temporary file.
 * @return EFBIG or ENOSPC when the length alone tells that it cannot be stored; EISDIR when the path is a directory.
 */
int uhttpd_upload_open(uhttpd_upload_t *upload, const uhttpd_upload_config_t *config);

/**
 * @brief Reads some of the kept bytes for the digest. Call it until @p more is false, before the first write.
 * @param buf  room
 * @param[out] more  it is to be called again
 */
int uhttpd_upload_reread(uhttpd_upload_t *upload, void *buf, size_t size, bool *more);

int uhttpd_upload_write(uhttpd_upload_t *upload, const void *data, size_t len);

/**
 * @brief Puts the file in its place, when the storage has said that all of it is safe, and has as many bytes of it as were
 *        written.
 *
 * @param wanted  its digest, 32 bytes; NULL: any. EILSEQ: it is another one.
 * @param[out] replaced  there was one before. May be NULL.
 * @return EBUSY: it is being read, and the storage cannot replace it meanwhile.
 */
int uhttpd_upload_commit(uhttpd_upload_t *upload, const uint8_t *wanted, bool *replaced);

/** @brief Ends it. What was not committed leaves nothing behind. NULL does nothing. */
void uhttpd_upload_end(uhttpd_upload_t *upload);

/** @brief Ends it, and keeps the written bytes for this long, unless too many others are kept or the file changes. */
void uhttpd_upload_keep(uhttpd_upload_t *upload, uint32_t keep_ms);

/** @brief Makes a worker remove what was kept for long enough; without memory, later. Does not block; any task. */
void uhttpd_upload_sweep(uhttpd_handle_t server);

const char *uhttpd_upload_path(const uhttpd_upload_t *upload);      /*!< where the file really is */
uint64_t uhttpd_upload_size(const uhttpd_upload_t *upload);         /*!< bytes so far */
const uint8_t *uhttpd_upload_digest(const uhttpd_upload_t *upload); /*!< of what was committed, 32 bytes */
/** @} */

#ifdef __cplusplus
}
#endif
